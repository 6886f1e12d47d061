using SparseSharp.Data;

namespace SparseSharp;

/// <summary>
/// Resizes images: by a triangle filter around half-pixel centres, bilinear where they grow, or by area. Nothing is rounded.
/// </summary>
public sealed class Resize : ImageTransform
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _shortSide;

    /// <summary>Resizes to a height and a width, whatever the sides of an image are to each other.</summary>
    public Resize(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_height, _width) = (height, width);
    }

    private Resize(int shortSide) => _shortSide = shortSide;

    /// <summary>The filter.</summary>
    public ResizeFilter Filter
    {
        get;
        init => field = Resampler.Check(value);
    }

    /// <summary>
    /// Whether a triangle is as wide as the ratio where an image shrinks, so that every pixel counts; otherwise the two nearest count.
    /// </summary>
    public bool Antialias { get; init; } = true;

    /// <summary>Resizes so that the short side of an image gets a length, and the sides keep their ratio.</summary>
    /// <param name="length">In pixels.</param>
    /// <param name="antialias">See <see cref="Antialias"/>.</param>
    public static Resize ShortSide(int length, bool antialias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return new(length) { Antialias = antialias };
    }

    /// <inheritdoc/>
    public override ImageShape ResultShape(ImageShape image) =>
        _shortSide == 0 ? new(image.Channels, _height, _width)
        : image.Height <= image.Width ? new(image.Channels, _shortSide, Long(image.Width, image.Height))
        : new(image.Channels, Long(image.Height, image.Width), _shortSide);

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context) =>
        Resampler.Resize(shape, image, new(0, 0, shape.Height, shape.Width), ResultShape(shape), result, Filter, Antialias, context);

    private int Long(int longSide, int shortSide) => checked((int)((long)_shortSide * longSide / shortSide));
}
