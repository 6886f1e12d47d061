using System.Numerics.Tensors;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Adds a random colour to all pixels, along the directions in which the colours of ImageNet vary (Krizhevsky et al., 2012). Images have
/// red, green and blue from 0 to 1: it comes before the standardisation.
/// </summary>
public sealed class Lighting : ImageTransform
{
    private const int Colours = 3;

    private static readonly float[] _eigenvalues = [.2175f, .0188f, .0045f];

    /// <summary>A row per channel.</summary>
    private static readonly float[,] _eigenvectors =
    {
        { -.5675f, .7192f, .4009f },
        { -.5808f, -.0045f, -.8140f },
        { -.5836f, -.6948f, .4203f },
    };

    private readonly double _deviation;

    /// <summary>Makes the transform.</summary>
    /// <param name="deviation">Deviation of the factors of the three directions, at least 0.</param>
    public Lighting(double deviation = 0.1)
    {
        Ranges.NotNegative(deviation);
        _deviation = deviation;
    }

    /// <inheritdoc/>
    public override ImageShape ResultShape(ImageShape image) => image.Channels == Colours
        ? image
        : throw new ArgumentException($"Lighting is for red, green and blue, but the images are {image}.", nameof(image));

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    {
        var first = _deviation * context.Random.Normal();
        var second = _deviation * context.Random.Normal();
        var third = _deviation * context.Random.Normal();
        for (var channel = 0; channel < Colours; channel++)
        {
            TensorPrimitives.Add(
                image.Slice(channel * shape.Plane, shape.Plane),
                Shift(channel, first, second, third),
                result.Slice(channel * shape.Plane, shape.Plane));
        }
    }

    /// <summary>What a channel gets for the factors of the three directions.</summary>
    internal static float Shift(int channel, double first, double second, double third) => (float)(
        (_eigenvectors[channel, 0] * first * _eigenvalues[0])
        + (_eigenvectors[channel, 1] * second * _eigenvalues[1])
        + (_eigenvectors[channel, 2] * third * _eigenvalues[2]));
}
