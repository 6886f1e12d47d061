using System.Numerics.Tensors;

namespace SparseSharp;

/// <summary>
/// Subtracts a mean from each channel and divides it by a deviation: <c>(x - mean) / deviation</c> in float32, for values from 0 to 1.
/// </summary>
/// <remarks>A trained model works only with the values that it was trained with, and these differ between sources of models.</remarks>
public sealed class ChannelStandardization : ImageTransform
{
    private readonly float[] _means;
    private readonly float[] _deviations;

    /// <summary>Makes a standardisation with known values.</summary>
    /// <param name="means">Of each channel, finite.</param>
    /// <param name="deviations">Of each channel, finite and greater than 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is out of range.</exception>
    public ChannelStandardization(ReadOnlySpan<float> means, ReadOnlySpan<float> deviations)
    {
        if (means.IsEmpty || means.Length != deviations.Length)
            throw new ArgumentException($"There are {means.Length} means and {deviations.Length} deviations.", nameof(deviations));
        if (!TensorPrimitives.IsFiniteAll(means))
            throw new ArgumentException("All means must be finite.", nameof(means));
        foreach (var deviation in deviations)
        {
            if (!(float.IsFinite(deviation) && deviation > 0))
                throw new ArgumentException("All deviations must be finite and greater than 0.", nameof(deviations));
        }
        _means = [.. means];
        _deviations = [.. deviations];
    }

    /// <summary>
    /// The values of ImageNet that PyTorch's networks use: mean 0.485, 0.456, 0.406, deviation 0.229, 0.224, 0.225. Many networks for
    /// CIFAR were trained with them too.
    /// </summary>
    public static ChannelStandardization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Usual values for CIFAR-10: mean 0.4914, 0.4822, 0.4465, deviation 0.2023, 0.1994, 0.2010.</summary>
    /// <remarks>The deviations are means of those of single images. Over all pixels they are 0.2470, 0.2435, 0.2616.</remarks>
    public static ChannelStandardization Cifar10 { get; } = new([0.4914f, 0.4822f, 0.4465f], [0.2023f, 0.1994f, 0.2010f]);

    /// <summary>Usual values for MNIST: mean 0.5, deviation 0.5, so from -1 to 1.</summary>
    public static ChannelStandardization Mnist { get; } = new([0.5f], [0.5f]);

    /// <summary>Mean of each channel.</summary>
    public ReadOnlySpan<float> Means => _means;

    /// <summary>Deviation of each channel.</summary>
    public ReadOnlySpan<float> Deviations => _deviations;

    /// <summary>
    /// The values of a training set: over all its images, each channel then has mean 0 and deviation 1. Give the result to the
    /// <see cref="Dataset.Transform"/> of training and test data.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The shape of the images is not known, or all values of a channel are equal.
    /// </exception>
    public static ChannelStandardization Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (means, deviations) = data.ChannelMoments();
        for (var channel = 0; channel < means.Length; channel++)
        {
            if (!((float)deviations[channel] > 0))
                throw new InvalidOperationException(
                    $"All values of channel {channel} are {(float)means[channel]}: there is nothing to standardise.");
        }
        return new(Array.ConvertAll(means, mean => (float)mean), Array.ConvertAll(deviations, deviation => (float)deviation));
    }

    /// <inheritdoc/>
    public override ImageShape ResultShape(ImageShape image) => image.Channels == _means.Length
        ? image
        : throw new ArgumentException($"The standardisation has {_means.Length} channels, but the images are {image}.", nameof(image));

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = result.Slice(channel * shape.Plane, shape.Plane);
            TensorPrimitives.Subtract(image.Slice(channel * shape.Plane, shape.Plane), _means[channel], plane);
            TensorPrimitives.Divide(plane, _deviations[channel], plane);
        }
    }

    /// <summary>One mean and deviation for all channels.</summary>
    internal static ChannelStandardization OfAll(int channels, float mean, float deviation)
    {
        var (means, deviations) = (new float[channels], new float[channels]);
        Array.Fill(means, mean);
        Array.Fill(deviations, deviation);
        return new(means, deviations);
    }
}
