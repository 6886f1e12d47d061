using SparseSharp.Data;

namespace SparseSharp;

/// <summary>Cuts a part of fixed size out of an image, at a random place, after adding a border. Each place is as likely.</summary>
public sealed class RandomCrop : ImageTransform
{
    /// <summary>The value of a grey border: 127 of 255.</summary>
    public const float Grey = 127f / 255;

    private readonly int _height;
    private readonly int _width;

    /// <summary>Cuts out squares.</summary>
    public RandomCrop(int size)
        : this(size, size)
    {
    }

    /// <summary>Cuts out rectangles.</summary>
    public RandomCrop(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_height, _width) = (height, width);
    }

    /// <summary>Width of the border on each side, in pixels.</summary>
    public int Padding
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// The value of the border: 0 is black before standardisation, and <see cref="Grey"/> is grey. Pad before images are standardised:
    /// afterwards 0 is the mean colour.
    /// </summary>
    public float Fill { get; init; }

    /// <inheritdoc/>
    public override ImageShape ResultShape(ImageShape image) =>
        (long)image.Height + (2L * Padding) >= _height && (long)image.Width + (2L * Padding) >= _width
            ? new(image.Channels, _height, _width)
            : throw new ArgumentException(
                $"A crop of {_height}x{_width} does not fit into an image of {image} with a border of {Padding}.", nameof(image));

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    {
        var top = context.Random.Integer(shape.Height + (2 * Padding) - _height + 1) - Padding;
        var left = context.Random.Integer(shape.Width + (2 * Padding) - _width + 1) - Padding;
        ImageWindow.Copy(shape, image, top, left, new(shape.Channels, _height, _width), result, Fill);
    }
}
