using System.Globalization;
using SparseSharp.Kernels;

namespace SparseSharp.Training;

/// <summary>
/// What a trainer needs for batches with several augmentations of each sample. Its buffers are used again for the next batch.
/// </summary>
internal sealed class BatchAugmentation : IDisposable
{
    private readonly TrainerOptions _options;
    private Batch? _replica;

    private BatchAugmentation(TrainerOptions options, AugmentationOrder order)
    {
        (_options, Order) = (options, order);
        Average = options.AverageOutputs ? new OutputAverage(options.Augmentations, order) : null;
    }

    /// <summary>How the augmentations follow each other.</summary>
    public AugmentationOrder Order { get; }

    /// <summary>Averages the outputs of each sample; null where each counts.</summary>
    public OutputAverage? Average { get; }

    /// <summary>Makes it for a model: ghost batches want each sample once.</summary>
    public static BatchAugmentation Of(TrainerOptions options, IEnumerable<ILayer> layers)
    {
        var hasGhosts = layers.Any(layer => layer.Parts.Statistics is { Options.Ghost: > 0 });
        return new(options, options.AugmentationOrder ?? (hasGhosts ? AugmentationOrder.ReplicaMajor : AugmentationOrder.SampleMajor));
    }

    /// <summary>One augmentation of every sample of a batch: valid until the next call.</summary>
    public Batch Replica(Batch batch, int augmentation)
    {
        var samples = batch.Count / _options.Augmentations;
        if (_replica is null || _replica.Capacity < samples)
        {
            _replica?.Dispose();
            _replica = new Batch(samples, batch.Features, batch.TargetFeatures);
        }
        _replica.Count = samples;
        for (var sample = 0; sample < samples; sample++)
        {
            var place = Order == AugmentationOrder.SampleMajor
                ? (sample * _options.Augmentations) + augmentation
                : (augmentation * samples) + sample;
            Copy<float>(batch.Inputs, place, _replica.Inputs, sample, batch.Features);
            Copy<float>(batch.Targets, place, _replica.Targets, sample, batch.TargetFeatures);
            Copy<int>(batch.Labels, place, _replica.Labels, sample, batch.TargetFeatures == 0 ? 1 : 0);
        }
        return _replica;
    }

    /// <summary>The settings, which checkpoints compare.</summary>
    public override string ToString()
    {
        var adapted = _options.AdaptGradientNormEvery is { } every
            ? string.Create(CultureInfo.InvariantCulture, $", norm adapted every {every}") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{_options.Augmentations}, {Order}{(Average is null ? "" : ", averaged outputs")}{adapted}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _replica?.Dispose();
        Average?.Dispose();
    }

    private static void Copy<T>(ReadOnlySpan<T> from, int row, Span<T> to, int place, int length) =>
        from.Slice(row * length, length).CopyTo(to.Slice(place * length, length));
}
