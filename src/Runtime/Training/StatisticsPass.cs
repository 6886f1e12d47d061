using SparseSharp.Kernels;
using SparseSharp.Matrices;
using SparseSharp.Models;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>Forward passes as in a training, of which nothing but the statistics of the batches stays.</summary>
/// <param name="model">The model.</param>
/// <param name="seed">Of dropout.</param>
internal sealed unsafe class StatisticsPass<TModel>(TModel model, ulong seed) : PanelRunner, IDisposable
    where TModel : class, ISparseModel<TModel>
{
    private readonly PinnedBuffer<float> _workspace = new(0);
    private readonly StatisticsTap _tap = new();
    private float* _source;

    /// <summary>Runs a batch; its statistics wait to be accepted.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="number">Number of the pass.</param>
    public void Run(Batch batch, long number)
    {
        using var samples = batch.Use();
        TModel.Prepare(model, training: true);
        var run = new PanelRun(TModel.Descriptor.LayoutOf(batch.Count), TModel.Descriptor.TrainingRows)
        {
            KeepsPanels = true,
            Training = true,
            RandomKey = Philox.PassKey(seed, number),
            Phases = TModel.Descriptor.ForwardPhases,
            HasBatchPhase = true,
            Tap = _tap,
        };
        var floats = FloatsOf(in run, WorkerPool.Shared.Workers);
        if (_workspace.Length < floats)
            _workspace.Resize(floats);
        _source = batch.InputPointer;
        Run(WorkerPool.Shared, in run, _workspace.Pointer);
    }

    /// <inheritdoc/>
    public void Dispose() => _workspace.Dispose();

    /// <inheritdoc/>
    protected override void RunPanel(in PanelPass pass, int panel)
    {
        if (pass.Phase == 0)
        {
            InputEdge.Load(TModel.Descriptor, in pass, new(_source), Layout.Start(panel), Layout.Samples(panel), training: true);
            pass.Sync();
        }
        TModel.Forward(model, in pass);
    }

    /// <inheritdoc/>
    protected override void Reduce(in BatchPass batch) => TModel.Reduce(model, in batch);

    /// <inheritdoc/>
    protected override void RunBatch(in BatchPass batch) => TModel.GradWeights(model, in batch);

    /// <summary>Leaves weight gradients out.</summary>
    private sealed class StatisticsTap : GradientTap
    {
        public override bool KeepsStatistics => true;

        public override void Take(Matrix matrix, in BatchPass batch, int slot, IPatchReader? patches = null)
        {
        }
    }
}
