using SparseSharp.Data;

namespace SparseSharp;

/// <content>Images.</content>
public sealed partial class Dataset
{
    private delegate void SampleAction(ReadOnlySpan<float> features);

    /// <summary>Makes a dataset of images that are read when they are needed, by the threads that load batches.</summary>
    /// <param name="images">The images; the first one is read here, because its shape is that of all.</param>
    /// <param name="labels">One class per image, from 0.</param>
    /// <param name="ignoredLabel">A label that is no class, of images that a loss is to leave out; null for none.</param>
    /// <exception cref="ArgumentException">There are no images, not as many as labels, or a label is negative.</exception>
    public Dataset(ImageSource images, ReadOnlyMemory<int> labels, int? ignoredLabel = null)
        : this(ViewOf(images), labels, default, 0, HighestLabel(labels.Span, ignoredLabel) + 1)
    {
        if (labels.Length != Count)
            throw new ArgumentException($"There are {Count} images, but {labels.Length} labels.", nameof(labels));
    }

    /// <summary>The shape of a sample where it is known to be an image, otherwise null.</summary>
    public ImageShape? ImageShape { get; private init; }

    /// <summary>Makes a dataset of images with a byte per value, which takes a quarter of the memory of floats.</summary>
    /// <param name="values">
    /// Images <c>[count, channels, height, width]</c> from 0 to 255, which become features from 0 to 1; not copied.
    /// </param>
    /// <param name="shape">The shape of one.</param>
    /// <param name="labels">One class per image, from 0.</param>
    /// <exception cref="ArgumentException">Lengths do not fit or a label is negative.</exception>
    public static Dataset FromBytes(ReadOnlyMemory<byte> values, ImageShape shape, ReadOnlyMemory<int> labels)
    {
        if (shape.Length == 0 || values.Length == 0 || values.Length % shape.Length != 0)
            throw new ArgumentException($"{values.Length} values are not one or more images of {shape}.", nameof(values));
        return new Dataset(new ByteImages(values, shape), labels);
    }

    /// <summary>The same samples, of which is said what images they are.</summary>
    /// <param name="channels">Channels; the values of a channel lie together.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="ArgumentException">Images of this shape have not as many values as a sample has features.</exception>
    public Dataset AsImages(int channels, int height, int width)
    {
        var shape = new ImageShape(channels, height, width);
        if (shape == ImageShape)
            return this;
        if (shape.Length != Features)
            throw new ArgumentException($"Images of {shape} have {shape.Length} values, but the samples have {Features} features.");
        if (_view is not null)
            throw new ArgumentException($"The images have the shape {ImageShape}, not {shape}.");
        return new Dataset(_inputs, Features, _labels, _targets, TargetFeatures, Classes) { ImageShape = shape };
    }

    /// <summary>
    /// The same images, each of which goes through transforms whenever it is read: augmentation draws anew in every epoch. The transforms
    /// of the dataset so far come first.
    /// </summary>
    /// <param name="transforms">Applied in this order.</param>
    /// <exception cref="InvalidOperationException">The shape of the images is not known; <see cref="AsImages"/> says it.</exception>
    /// <exception cref="ArgumentException">A transform cannot be applied to images of this shape.</exception>
    public Dataset Transform(params ReadOnlySpan<ImageTransform> transforms)
    {
        if (ImageShape is not { } shape)
            throw new InvalidOperationException(
                $"Transforms need the shape of the images: say it with {nameof(AsImages)}(channels, height, width).");
        var view = _view ?? ImageView.Of(new FloatImages(_inputs, shape));
        return new Dataset(view.With(transforms), _labels, _targets, TargetFeatures, Classes);
    }

    /// <summary>
    /// A copy whose samples are all in memory as floats, after their transforms; the same dataset if they are already. Random transforms
    /// are drawn once. It takes four bytes per feature and sample.
    /// </summary>
    /// <exception cref="DataFileException">An image cannot be read.</exception>
    public Dataset ToMemory()
    {
        if (_view is null)
            return this;
        if ((long)Count * Features > Array.MaxLength)
            throw new InvalidOperationException($"{Count} images of {ImageShape} are too many for the memory of one array.");
        var inputs = GC.AllocateUninitializedArray<float>(Count * Features);
        Read(0, inputs);
        return Derive(inputs, _labels, _targets);
    }

    /// <summary>Copies samples, after their transforms. Random transforms draw as in epoch 0 with the seed 0.</summary>
    /// <param name="first">Number of the first one.</param>
    /// <param name="samples">Receives as many as fit, row-major <c>[count, Features]</c>.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many samples.</exception>
    /// <exception cref="DataFileException">An image cannot be read.</exception>
    public void Read(int first, Span<float> samples)
    {
        if (samples.Length % Features != 0)
            throw new ArgumentException($"{samples.Length} values are no whole samples of {Features} features.", nameof(samples));
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - (samples.Length / Features));
        if (_view is null)
        {
            Inputs.Slice(first * Features, samples.Length).CopyTo(samples);
            return;
        }
        var reader = new SampleReader();
        for (var i = 0; i < samples.Length / Features; i++)
            reader.Read(_view, first + i, seed: 0, epoch: 0, augmentation: 0, samples.Slice(i * Features, Features));
    }

    /// <summary>
    /// Mean and deviation of each channel over all images, in double and in two passes: from these a
    /// <see cref="ChannelStandardization"/> is made.
    /// </summary>
    internal (double[] Means, double[] Deviations) ChannelMoments()
    {
        var shape = ImageShape ?? throw new InvalidOperationException(
            $"Channels need the shape of the images: say it with {nameof(AsImages)}(channels, height, width).");
        var (means, deviations) = (new double[shape.Channels], new double[shape.Channels]);
        ForEach(features =>
        {
            for (var i = 0; i < features.Length; i++)
                means[i / shape.Plane] += features[i];
        });
        var values = (double)Count * shape.Plane;
        foreach (ref var mean in means.AsSpan())
            mean /= values;
        ForEach(features =>
        {
            for (var i = 0; i < features.Length; i++)
                deviations[i / shape.Plane] += (features[i] - means[i / shape.Plane]) * (features[i] - means[i / shape.Plane]);
        });
        foreach (ref var deviation in deviations.AsSpan())
            deviation = Math.Sqrt(deviation / values);
        return (means, deviations);
    }

    private static ImageView ViewOf(ImageSource images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Count > 0 ? ImageView.Of(images) : throw new ArgumentException("There are no images.", nameof(images));
    }

    private void ForEach(SampleAction action)
    {
        var reader = new SampleReader();
        var row = new float[IsInMemory ? 0 : Features];
        for (var sample = 0; sample < Count; sample++)
        {
            if (_view is not null)
                reader.Read(_view, sample, seed: 0, epoch: 0, augmentation: 0, row);
            action(_view is null ? Input(sample) : row);
        }
    }
}
