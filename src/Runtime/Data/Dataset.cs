using System.Numerics.Tensors;
using SparseSharp.Data;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Samples, row-major <c>[Count, Features]</c>, with a class label or a vector of target values each. They are in memory, or images that
/// are read when they are needed. Immutable.
/// </summary>
public sealed partial class Dataset
{
    private readonly ReadOnlyMemory<float> _inputs;
    private readonly ReadOnlyMemory<int> _labels;
    private readonly ReadOnlyMemory<float> _targets;

    /// <summary>What to read where the samples are not in memory.</summary>
    private readonly ImageView? _view;

    /// <summary>Makes a dataset with class labels over memory that it does not copy.</summary>
    /// <param name="inputs">Samples <c>[count, features]</c>, row-major, all finite.</param>
    /// <param name="features">Features of a sample.</param>
    /// <param name="labels">One class per sample, from 0.</param>
    /// <param name="ignoredLabel">
    /// A label that is no class, for example -1, of samples that a loss is to leave out: give it to the loss as well
    /// (<see cref="Loss.CrossEntropyWith"/>). Null for none.
    /// </param>
    /// <exception cref="ArgumentException">Lengths do not fit, a value is not finite or a label is negative.</exception>
    public Dataset(ReadOnlyMemory<float> inputs, int features, ReadOnlyMemory<int> labels, int? ignoredLabel = null)
        : this(inputs, features, labels, default, 0, HighestLabel(labels.Span, ignoredLabel) + 1)
    {
        CheckInputs();
        if (labels.Length != Count)
            throw new ArgumentException($"There are {Count} samples of {features} features, but {labels.Length} labels.", nameof(labels));
    }

    /// <summary>Makes a dataset with target values over memory that it does not copy.</summary>
    /// <param name="inputs">Samples <c>[count, features]</c>, row-major, all finite.</param>
    /// <param name="features">Features of a sample.</param>
    /// <param name="targets">Target values <c>[count, targetFeatures]</c>, row-major, all finite.</param>
    /// <param name="targetFeatures">Values per target.</param>
    /// <exception cref="ArgumentException">Lengths do not fit or a value is not finite.</exception>
    public Dataset(ReadOnlyMemory<float> inputs, int features, ReadOnlyMemory<float> targets, int targetFeatures)
        : this(inputs, features, default, targets, targetFeatures, 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targetFeatures, 1);
        CheckInputs();
        if (targets.Length != (long)Count * targetFeatures)
            throw new ArgumentException(
                $"There are {Count} samples, so {(long)Count * targetFeatures} target values ({targetFeatures} each), not {targets.Length}.", nameof(targets));
        CheckFinite(targets.Span, targetFeatures, "target value");
    }

    private Dataset(
        ReadOnlyMemory<float> inputs, int features, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> targets, int targetFeatures,
        int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        _inputs = inputs;
        _labels = labels;
        _targets = targets;
        Features = features;
        TargetFeatures = targetFeatures;
        Classes = classes;
        Count = inputs.Length / features;
    }

    /// <summary>A dataset of images that are read when they are needed.</summary>
    private Dataset(ImageView view, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> targets, int targetFeatures, int classes)
        : this(default, view.Shape.Length, labels, targets, targetFeatures, classes)
    {
        _view = view;
        Count = view.Numbers.Length;
        ImageShape = view.Shape;
    }

    /// <summary>Samples.</summary>
    public int Count { get; }

    /// <summary>Features of a sample.</summary>
    public int Features { get; }

    /// <summary>Values per target, or 0 if the targets are class labels.</summary>
    public int TargetFeatures { get; }

    /// <summary>
    /// Highest label + 1 without the ignored one, or 0 if the targets are values. Parts of a dataset keep the number of the whole.
    /// </summary>
    public int Classes { get; }

    /// <summary>Whether all samples are in memory as floats, so that <see cref="Inputs"/> has them.</summary>
    public bool IsInMemory => _view is null;

    /// <summary>All samples, row-major <c>[Count, Features]</c>.</summary>
    /// <exception cref="InvalidOperationException">The samples are read when they are needed.</exception>
    public ReadOnlySpan<float> Inputs => IsInMemory
        ? _inputs.Span
        : throw new InvalidOperationException(
            $"These {Count} images are read when they are needed: {nameof(Read)} copies some of them, {nameof(ToMemory)} all.");

    /// <summary>The label of each sample, empty if the targets are values.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>Target values, row-major <c>[Count, TargetFeatures]</c>, empty if the targets are labels.</summary>
    public ReadOnlySpan<float> Targets => _targets.Span;

    /// <summary>The features of one sample.</summary>
    /// <exception cref="InvalidOperationException">The samples are read when they are needed.</exception>
    public ReadOnlySpan<float> Input(int sample)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sample, (uint)Count, nameof(sample));
        return Inputs.Slice(sample * Features, Features);
    }

    /// <summary>A part of the samples, without copying.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is empty or reaches beyond the samples.</exception>
    public Dataset Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        var labels = TargetFeatures == 0 ? _labels.Slice(first, count) : default;
        var targets = _targets.Slice(first * TargetFeatures, count * TargetFeatures);
        return _view is null
            ? Derive(_inputs.Slice(first * Features, count * Features), labels, targets)
            : new Dataset(_view with { Numbers = _view.Numbers.Slice(first, count) }, labels, targets, TargetFeatures, Classes);
    }

    /// <summary>The first samples, without copying; all if there are no more.</summary>
    public Dataset Take(int count) => count >= Count ? this : Slice(0, count);

    /// <summary>
    /// Two datasets of the samples in random order: copies, or where images are read when they are needed, the same images.
    /// </summary>
    /// <param name="fraction">Share of the first one, between 0 and 1; both get at least one sample.</param>
    /// <param name="seed">Equal seeds split equally.</param>
    public (Dataset First, Dataset Second) Split(double fraction, ulong seed)
    {
        if (!(fraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "A split needs a fraction between 0 and 1.");
        if (Count < 2)
            throw new InvalidOperationException("One sample cannot be split.");
        var order = new int[Count];
        Permutation.Fill(order, seed, Permutation.NoEpoch);
        var first = Math.Clamp((int)Math.Round(fraction * Count), 1, Count - 1);
        return (Gather(order.AsSpan(0, first)), Gather(order.AsSpan(first)));
    }

    /// <summary>
    /// A copy with <c>(x - mean) / deviation</c> in place of every feature, computed in float32. Images that are read when they are needed
    /// are changed then. <see cref="ChannelStandardization"/> has a mean and a deviation for each channel.
    /// </summary>
    /// <param name="mean">Finite.</param>
    /// <param name="deviation">Finite and greater than 0.</param>
    public Dataset Normalize(double mean, double deviation)
    {
        var (center, scale) = ((float)mean, (float)deviation);
        if (!float.IsFinite(center))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "The mean must be finite.");
        if (!(float.IsFinite(scale) && scale > 0))
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "The deviation must be finite and greater than 0.");
        if (_view is not null)
            return Transform(ChannelStandardization.OfAll(_view.Shape.Channels, center, scale));
        var inputs = GC.AllocateUninitializedArray<float>(_inputs.Length);
        TensorPrimitives.Subtract(Inputs, center, inputs);
        TensorPrimitives.Divide(inputs, scale, inputs);
        return Derive(inputs, _labels, _targets);
    }

    /// <summary>
    /// A copy whose features, all taken together, have mean 0 and deviation 1. The figures that it used are returned: give those of the
    /// training data to <see cref="Normalize"/> of the test data.
    /// </summary>
    /// <exception cref="InvalidOperationException">All features are equal.</exception>
    public (Dataset Data, float Mean, float Deviation) Standardize()
    {
        var (mean, deviation) = Moments();
        if (!(deviation > 0))
            throw new InvalidOperationException($"All features have the value {mean}: there is nothing to standardize.");
        return (Normalize(mean, deviation), mean, deviation);
    }

    /// <summary>Copies samples into a batch.</summary>
    /// <param name="batch">As many features and targets as here, and room for the samples.</param>
    /// <param name="samples">Their numbers.</param>
    /// <param name="reader">Of the thread.</param>
    /// <param name="seed">Of the random numbers of transforms, with the epoch.</param>
    /// <param name="epoch">The epoch.</param>
    internal void Fill(Batch batch, ReadOnlySpan<int> samples, SampleReader reader, ulong seed, int epoch)
    {
        batch.Count = samples.Length;
        GatherTargets(samples, batch.Labels, batch.Targets);
        if (_view is null)
        {
            GatherInputs(samples, batch.Inputs);
            return;
        }
        for (var i = 0; i < samples.Length; i++)
            reader.Read(_view, samples[i], seed, epoch, augmentation: 0, batch.Inputs.Slice(i * Features, Features));
    }

    /// <summary>Copies several augmentations of each sample into a batch.</summary>
    /// <param name="batch">As many features and targets as here, and room for all augmentations.</param>
    /// <param name="samples">Numbers of the samples.</param>
    /// <param name="augmentations">Augmentations of each.</param>
    /// <param name="order">How they follow each other.</param>
    /// <param name="reader">Of the thread.</param>
    /// <param name="seed">Of the random numbers of transforms, with the epoch and the number of the augmentation.</param>
    /// <param name="epoch">The epoch.</param>
    internal void Fill(
        Batch batch, ReadOnlySpan<int> samples, int augmentations, AugmentationOrder order, SampleReader reader, ulong seed, int epoch)
    {
        batch.Count = samples.Length * augmentations;
        for (var augmentation = 0; augmentation < augmentations; augmentation++)
        {
            for (var i = 0; i < samples.Length; i++)
            {
                var place = order == AugmentationOrder.SampleMajor ? (i * augmentations) + augmentation : (augmentation * samples.Length) + i;
                var features = batch.Inputs.Slice(place * Features, Features);
                var sample = samples.Slice(i, 1);
                if (_view is null)
                    GatherInputs(sample, features);
                else
                    reader.Read(_view, samples[i], seed, epoch, augmentation, features);
                GatherTargets(sample, TargetFeatures == 0 ? batch.Labels[place..] : [], batch.Targets[(place * TargetFeatures)..]);
            }
        }
    }

    /// <summary>A dataset in memory of the same kind.</summary>
    private Dataset Derive(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> targets) =>
        new(inputs, Features, labels, targets, TargetFeatures, Classes) { ImageShape = ImageShape };

    private Dataset Gather(ReadOnlySpan<int> samples)
    {
        var labels = TargetFeatures == 0 ? new int[samples.Length] : [];
        var targets = new float[samples.Length * TargetFeatures];
        GatherTargets(samples, labels, targets);
        if (_view is not null)
            return new Dataset(_view.Select(samples), labels, targets, TargetFeatures, Classes);
        var inputs = GC.AllocateUninitializedArray<float>(samples.Length * Features);
        GatherInputs(samples, inputs);
        return Derive(inputs, labels, targets);
    }

    private void GatherInputs(ReadOnlySpan<int> samples, Span<float> inputs)
    {
        var all = Inputs;
        for (var i = 0; i < samples.Length; i++)
            all.Slice(samples[i] * Features, Features).CopyTo(inputs[(i * Features)..]);
    }

    private void GatherTargets(ReadOnlySpan<int> samples, Span<int> labels, Span<float> targets)
    {
        var allLabels = Labels;
        var allTargets = Targets;
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = samples[i];
            if (TargetFeatures == 0)
                labels[i] = allLabels[sample];
            else
                allTargets.Slice(sample * TargetFeatures, TargetFeatures).CopyTo(targets[(i * TargetFeatures)..]);
        }
    }

    /// <summary>Mean and deviation in double and in two passes, so that a large mean does not drown the deviation.</summary>
    private (float Mean, float Deviation) Moments()
    {
        double sum = 0, squares = 0;
        ForEach(features =>
        {
            foreach (var value in features)
                sum += value;
        });
        var values = (double)Count * Features;
        var mean = sum / values;
        ForEach(features =>
        {
            foreach (var value in features)
                squares += (value - mean) * (value - mean);
        });
        return ((float)mean, (float)Math.Sqrt(squares / values));
    }

    private void CheckInputs()
    {
        if (_inputs.Length == 0 || _inputs.Length % Features != 0)
            throw new ArgumentException($"{_inputs.Length} input values are not one or more samples of {Features} features.", "inputs");
        CheckFinite(Inputs, Features, "feature");
    }

    private static void CheckFinite(ReadOnlySpan<float> values, int width, string what)
    {
        if (TensorPrimitives.IsFiniteAll(values))
            return;
        var i = 0;
        while (float.IsFinite(values[i]))
            i++;
        throw new ArgumentException(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"Sample {i / width} has the {what} {i % width} = {values[i]}; all must be finite."));
    }

    private static int HighestLabel(ReadOnlySpan<int> labels, int? ignored)
    {
        var highest = -1;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignored)
                continue;
            if (labels[i] is < 0 or int.MaxValue)
            {
                throw new ArgumentException(
                    $"Sample {i} has the label {labels[i]}; labels are class numbers from 0. "
                    + "Name one that a loss leaves out as the ignored label.",
                    nameof(labels));
            }
            highest = Math.Max(highest, labels[i]);
        }
        return highest;
    }
}
