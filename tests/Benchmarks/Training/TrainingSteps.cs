using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.WholeNetworks;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Benchmarks.Training;

/// <summary>A model whose steps are measured, whatever its type.</summary>
internal interface ITrainingSteps : IDisposable
{
    /// <summary>As the row shows it.</summary>
    string Kernel { get; }

    /// <summary>Kept share of the weights of the sparse layers.</summary>
    double Density { get; }

    /// <summary>Largest error of the weight gradients of the next step; to be asked for before any step.</summary>
    double GradientError();

    /// <summary>The step, with enough of them in a cycle to contain a mask refresh.</summary>
    Contender Contender();

    /// <summary>Bytes that a step allocates on the managed heap, over all threads.</summary>
    /// <param name="steps">How many are counted.</param>
    /// <param name="warmUp">How many are made before.</param>
    double AllocatedBytes(int steps = 80, int warmUp = 2);
}

/// <summary>Whole training steps of a freshly initialised model on one batch: forward, loss, backward, update, refresh.</summary>
internal sealed class TrainingSteps<TModel> : ITrainingSteps
    where TModel : class, ISparseModel<TModel>
{

    private readonly TModel _model;
    private readonly TrainingPass<TModel> _pass;
    private readonly Batch _batch;

    // So small that the loss does not reach zero while steps are timed: gradients would become denormal, which is slow.
    private readonly Sgd _optimizer = new(1e-4f, momentum: 0.9f);
    private long _step;

    /// <param name="kernel">As the row shows it.</param>
    /// <param name="batch">The batch of every step.</param>
    public TrainingSteps(string kernel, Batch batch)
    {
        Kernel = kernel;
        _batch = batch;
        _model = TModel.Create(1);
        _pass = new TrainingPass<TModel>(_model, WorkerPool.Shared);
    }

    public string Kernel { get; }

    public double Density => NetworkDensity.Of(_model);

    private int Cycle => _model.Layers.Max(
        layer => layer.Pattern is NMPattern { Policy: not MaskPolicy.Static } pattern ? pattern.RefreshEvery : 1);

    public double GradientError()
    {
        var reference = new StepReference(_model.Linears, _batch);
        _pass.Run(_batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 0);
        return reference.GradientError();
    }

    public Contender Contender() => new(Kernel, Step) { Cycle = Cycle };

    public double AllocatedBytes(int steps, int warmUp)
    {
        for (var i = 0; i < warmUp; i++)
            Step();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < steps; i++)
            Step();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)steps;
    }

    public void Dispose()
    {
        _pass.Dispose();
        (_model as IDisposable)?.Dispose();
    }

    private void Step()
    {
        _pass.Run(_batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 0, ++_step);
        _pass.Update(_optimizer, new UpdateStep(_step, _optimizer.LearningRate, GradientScale: 1, Decay: true));
    }
}
