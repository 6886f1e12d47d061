using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Matrices;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>
/// Runs the emitted passes of a model over one batch: everything of a training step but the rule of the optimizer. Allocates nothing after
/// the first batch of a size.
/// </summary>
internal sealed class TrainingPass<TModel> : IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>
    /// What can be between a product of two values of the workspace and the one that a gradient adds up: the factors of pruned values,
    /// which are no more than a group has values, and of dropout.
    /// </summary>
    private const double OperandGain = 1 << 16;

    /// <summary>Gradients that one thread looks through in less time than it takes to wake another.</summary>
    private const long WorthAnotherThread = 1 << 16;

    private readonly LearnedPart[] _parts;
    private readonly (BatchNormalisation Statistics, int Layer)[] _statistics;
    private readonly WorkerPool _workers;
    private readonly BatchWork<TModel> _batchWork;
    private readonly UpdateWork _updateWork;

    public TrainingPass(TModel model, WorkerPool workers)
    {
        _parts = [.. model.Layers.SelectMany(layer => layer.Parts.Learned)];
        _statistics = [.. model.Layers.SelectMany((layer, index) =>
            layer.Parts.Statistics is { } statistics ? [(statistics, index)] : ((BatchNormalisation, int)[])[])];
        ShareBudgets(model.Layers.SelectMany(layer => layer.Parts.Matrices));
        _workers = workers;
        _batchWork = new BatchWork<TModel>(model);
        _updateWork = new UpdateWork(model.Layers.Select(layer => layer.Parts));
    }

    /// <summary>
    /// What no magnitude of the gradients exceeds: from the largest value of the passes, or infinite where that was not looked for, is not
    /// finite or too large to say anything.
    /// </summary>
    public double GradientBound { get; private set; }

    /// <summary>Forward, loss, backward and weight gradients of one batch.</summary>
    /// <param name="batch">The samples and targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="accumulate">Whether the gradients add to those of the batches before.</param>
    /// <param name="randomKey">Seed of this step's random numbers: dropout and pruned gradients.</param>
    /// <param name="step">Number of the optimizer step that the gradients are for; 0 if they are for none.</param>
    /// <returns>Sums over the batch.</returns>
    public PanelLoss Run(Batch batch, Loss loss, bool accumulate, ulong randomKey, long step = 0)
    {
        var weight = Check(batch, loss);
        return RunChecked(batch, loss, MeanScale(weight), accumulate, randomKey, step);
    }

    /// <summary>Factor that makes a mean of gradients that are sums.</summary>
    /// <param name="weight">Sum of the weights of the samples. Where it is 0, no sample counts, and all gradients are 0.</param>
    public static float MeanScale(double weight) => weight > 0 ? 1f / (float)weight : 1;

    /// <summary>Throws if a batch does not fit the model and the loss; returns the sum of the weights of its samples.</summary>
    public double Check(Batch batch, Loss loss)
    {
        var descriptor = TModel.Descriptor;
        if (batch.Features != descriptor.InputFeatures)
            throw new ArgumentException(
                $"The batch has {batch.Features} features per sample; {descriptor.Name} takes {descriptor.InputFeatures}.", nameof(batch));
        if (batch.Count == 0)
            throw new ArgumentException("The batch is empty.", nameof(batch));
        descriptor.CheckSamples(batch.Count);
        return loss.Check(Targets.Of(batch), descriptor.OutputFeatures);
    }

    /// <summary>Forward, loss, backward and weight gradients of a batch that was checked.</summary>
    /// <param name="batch">The samples and targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="scale">Factor on the gradients of the loss.</param>
    /// <param name="accumulate">Whether the gradients add to those of the batches before.</param>
    /// <param name="randomKey">Seed of this step's random numbers: dropout and pruned gradients.</param>
    /// <param name="step">Number of the optimizer step that the gradients are for; 0 if they are for none.</param>
    /// <param name="average">Averages the outputs of each sample before the loss; null where it has one.</param>
    /// <returns>Sums over the batch.</returns>
    public PanelLoss RunChecked(
        Batch batch, Loss loss, float scale, bool accumulate, ulong randomKey, long step, OutputAverage? average = null)
    {
        BeginGradients(step);
        var total = _batchWork.Run(_workers, batch, loss, scale, accumulate, randomKey, CountGradients(), average);
        double peak = _batchWork.Peak;
        var bound = double.IsFinite(peak) ? OperandGain * batch.Count * Math.Max(1, peak) * Math.Max(1, peak) : double.PositiveInfinity;
        GradientBound = accumulate ? GradientBound + bound : bound;
        return total;
    }

    /// <summary>Comes before the gradients of a step, once for each of the batches that add to them.</summary>
    /// <param name="step">Number of the optimizer step that the gradients are for; 0 if they are for none.</param>
    public void BeginGradients(long step)
    {
        foreach (var part in _parts)
            part.BeginGradients(step);
    }

    /// <summary>Sum of squares of all gradients, in an order that does not depend on the number of workers.</summary>
    public double GradientSquares() => _updateWork.Squares(_workers);

    /// <summary>Largest magnitude of all gradients; if one is not finite, the number of its layer beside it, else -1.</summary>
    public (float Peak, int Faulty) GradientPeak() => _updateWork.Peaks(CountGradients() > WorthAnotherThread ? _workers : null);

    /// <summary>Turns gradients of the loss into those that weights learn from, for optimizers that know nothing of masks.</summary>
    public void CompleteGradients() => _updateWork.Complete(_workers);

    /// <summary>The first layer whose statistics of the batches are not finite; -1 where all are.</summary>
    public int FaultyStatistics()
    {
        foreach (var (statistics, layer) in _statistics)
        {
            if (!statistics.Running.IsFinite)
                return layer;
        }
        return -1;
    }

    /// <summary>Takes over the statistics of the batches whose gradients are there.</summary>
    public void AcceptStatistics()
    {
        foreach (var (statistics, _) in _statistics)
            statistics.AcceptStatistics();
    }

    /// <summary>Applies the optimizer to every parameter, refreshes masks that are due and the packed copies.</summary>
    public void Update(Optimizer optimizer, in UpdateStep step) => _updateWork.Update(_workers, optimizer, in step);

    /// <summary>Layers with the same budget over the model select their weights together.</summary>
    private static void ShareBudgets(IEnumerable<LayerWeights> matrices)
    {
        foreach (var budget in matrices.Where(weights => weights.Pattern is { SharesBudget: true }).GroupBy(weights => weights.Pattern))
        {
            var members = new List<AnnealedMatrix>();
            foreach (var weights in budget)
                weights.Annealing!.ShareBudget(members);
        }
    }

    private long CountGradients()
    {
        var count = 0L;
        foreach (var part in _parts)
            count += part.GradientLength;
        return count;
    }

    public void Dispose() => _batchWork.Dispose();
}
