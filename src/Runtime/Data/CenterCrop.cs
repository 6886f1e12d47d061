using SparseSharp.Data;

namespace SparseSharp;

/// <summary>Cuts the middle out of an image. Where the margins cannot be equal, the first one gets the even number of pixels.</summary>
public sealed class CenterCrop : ImageTransform
{
    private readonly int _height;
    private readonly int _width;

    /// <summary>Cuts out a square.</summary>
    public CenterCrop(int size)
        : this(size, size)
    {
    }

    /// <summary>Cuts out a rectangle.</summary>
    public CenterCrop(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_height, _width) = (height, width);
    }

    /// <inheritdoc/>
    public override ImageShape ResultShape(ImageShape image) => image.Height >= _height && image.Width >= _width
        ? new(image.Channels, _height, _width)
        : throw new ArgumentException($"A crop of {_height}x{_width} does not fit into an image of {image}.", nameof(image));

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context) =>
        ImageWindow.Copy(
            shape, image, Middle(shape.Height - _height), Middle(shape.Width - _width), new(shape.Channels, _height, _width), result);

    /// <summary>Half of both margins, as PyTorch rounds it.</summary>
    private static int Middle(int margins) => (int)Math.Round(margins / 2.0, MidpointRounding.ToEven);
}
