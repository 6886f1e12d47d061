using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>Loss and accuracy of a model over a dataset, by inference. Its buffers are used again for the next dataset.</summary>
internal sealed unsafe class DatasetEvaluation<TModel>(Predictor<TModel> predictor, Loss loss) : IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>
    /// Samples per prediction: enough to keep all threads busy, and a fixed number, so that results do not depend on them.
    /// </summary>
    private const int BatchSize = 512;

    /// <summary>Values of a batch of images that are read when they are needed, unless a panel of images has more.</summary>
    private const int LoadedValues = 4 << 20;

    private readonly PinnedBuffer<float> _outputs = new((long)BatchSize * TModel.Descriptor.OutputFeatures);
    private readonly PinnedBuffer<float> _panel = new((long)PanelBlock.MaxColumns * TModel.Descriptor.OutputFeatures);
    private readonly PinnedBuffer<float> _gradient = new((long)PanelBlock.MaxColumns * TModel.Descriptor.OutputFeatures);

    /// <summary>Throws unless all samples fit the model and the loss.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="what">What they are, for a message that names a sample by its place in them.</param>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static void Check(Dataset data, Loss loss, string what)
    {
        var descriptor = TModel.Descriptor;
        if (data.Features != descriptor.InputFeatures)
            throw new ArgumentException(
                $"{descriptor.Name} takes {descriptor.InputFeatures} features, but the {what} has {data.Features}.", nameof(data));
        if (loss.Check(Targets.Of(data, what), descriptor.OutputFeatures) == 0)
        {
            throw new ArgumentException(
                $"None of the {data.Count} samples of the {what} counts: {loss} ignores their labels, or gives them the weight 0.",
                nameof(data));
        }
    }

    /// <summary>Evaluates all samples, which were checked.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="ranks">Takes notice of each sample, if it is there.</param>
    public EvaluationReport Run(Dataset data, SampleRanks? ranks = null)
    {
        if (!data.IsInMemory)
            return RunLoaded(data, ranks);
        using var targets = new Batch(Math.Min(BatchSize, data.Count), 1, data.TargetFeatures);
        var sums = default(RunningSums);
        for (var first = 0; first < data.Count; first += BatchSize)
        {
            targets.Count = Math.Min(BatchSize, data.Count - first);
            CopyTargets(data, first, targets);
            sums = Add(sums, data.Inputs.Slice(first * data.Features, targets.Count * data.Features), first, targets, ranks);
        }
        return sums.Report(loss);
    }

    public void Dispose()
    {
        predictor.Dispose();
        _outputs.Dispose();
        _panel.Dispose();
        _gradient.Dispose();
    }

    /// <summary>Evaluates samples that are read when they are needed: a thread reads the next ones meanwhile.</summary>
    private EvaluationReport RunLoaded(Dataset data, SampleRanks? ranks)
    {
        // Sums are made over panels, and a sample has the same outputs in any batch: the size changes no result.
        var panels = Math.Clamp(LoadedValues / data.Features / PanelBlock.MaxColumns, 1, BatchSize / PanelBlock.MaxColumns);
        using var loader = new BatchLoader(data, panels * PanelBlock.MaxColumns, seed: 0, shuffle: false);
        var sums = default(RunningSums);
        loader.Start(0);
        for (var first = 0; loader.TryNext(out var batch); first += batch.Count)
            sums = Add(sums, batch.Inputs, first, batch, ranks);
        return sums.Report(loss);
    }

    private static void CopyTargets(Dataset data, int first, Batch targets)
    {
        if (data.TargetFeatures == 0)
            data.Labels.Slice(first, targets.Count).CopyTo(targets.Labels);
        else
            data.Targets.Slice(first * data.TargetFeatures, targets.Count * data.TargetFeatures).CopyTo(targets.Targets);
    }

    private RunningSums Add(RunningSums sums, ReadOnlySpan<float> inputs, int first, Batch targets, SampleRanks? ranks)
    {
        var features = TModel.Descriptor.OutputFeatures;
        var count = targets.Count;
        predictor.Predict(inputs, _outputs.Span[..(count * features)]);
        for (var sample = 0; ranks is not null && sample < count; sample++)
            ranks.Set(first + sample, LabelOf(targets, sample), _outputs.Span.Slice(sample * features, features));
        for (var sample = 0; sample < count; sample += PanelBlock.MaxColumns)
        {
            var columns = Math.Min(PanelBlock.MaxColumns, count - sample);
            Transpose(sample, columns, features);
            var part = loss.Evaluate(_panel.Pointer, _gradient.Pointer, features, PanelBlock.MaxColumns, columns, targets, sample, 0);
            sums = sums.Plus(part.Sum, part.Weight, part.Correct, part.Samples, ticks: 0);
        }
        return sums;
    }

    /// <summary>The label of a sample, or -1 if the sample does not count.</summary>
    private int LabelOf(Batch targets, int sample) =>
        targets.Labels[sample] is var label && loss.Weight(new Target(label)) != 0 ? label : -1;

    private void Transpose(int sample, int columns, int features)
    {
        for (var f = 0; f < features; f++)
        {
            for (var c = 0; c < columns; c++)
                _panel.Pointer[(f * PanelBlock.MaxColumns) + c] = _outputs.Pointer[((sample + c) * features) + f];
        }
    }
}
