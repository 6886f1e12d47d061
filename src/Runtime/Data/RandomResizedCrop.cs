using SparseSharp.Data;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Cuts a part of random area, ratio and place out of an image, and resizes it (Szegedy et al., 2015): ten tries to find a part that fits,
/// otherwise the largest part in the middle whose ratio is allowed.
/// </summary>
public sealed class RandomResizedCrop : ImageTransform
{
    private const int Tries = 10;

    private readonly int _size;

    /// <summary>Makes the transform.</summary>
    /// <param name="size">Height and width of the result.</param>
    public RandomResizedCrop(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _size = size;
    }

    /// <summary>Smallest area of a part, as a share of that of the image; greater than 0.</summary>
    public double MinArea
    {
        get;
        init
        {
            Ranges.Positive(value, nameof(MinArea));
            field = value;
        }
    } = 0.08;

    /// <summary>Largest area of a part, as a share of that of the image; greater than 0.</summary>
    public double MaxArea
    {
        get;
        init
        {
            Ranges.Positive(value, nameof(MaxArea));
            field = value;
        }
    } = 1;

    /// <summary>Smallest and, as its inverse, largest ratio of the width to the height, greater than 0 and at most 1.</summary>
    public double MinRatio
    {
        get;
        init
        {
            Ranges.Positive(value, nameof(MinRatio));
            Ranges.UpToOne(value, nameof(MinRatio));
            field = value;
        }
    } = 3.0 / 4;

    /// <summary>The filter of resizing.</summary>
    public ResizeFilter Filter
    {
        get;
        init => field = Resampler.Check(value);
    }

    /// <summary>Whether a triangle is as wide as the ratio where a part shrinks.</summary>
    public bool Antialias { get; init; } = true;

    /// <inheritdoc/>
    public override ImageShape ResultShape(ImageShape image) => new(image.Channels, _size, _size);

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context) =>
        Resampler.Resize(shape, image, Draw(shape, context.Random), ResultShape(shape), result, Filter, Antialias, context);

    /// <summary>Draws the part to take.</summary>
    internal ImagePart Draw(ImageShape shape, RandomStream random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = random.Uniform(MinArea, MaxArea) * shape.Plane;
            var ratio = Math.Exp(random.Uniform(Math.Log(MinRatio), -Math.Log(MinRatio)));
            var width = (int)Math.Round(Math.Sqrt(area * ratio), MidpointRounding.ToEven);
            var height = (int)Math.Round(Math.Sqrt(area / ratio), MidpointRounding.ToEven);
            if (width > 0 && width <= shape.Width && height > 0 && height <= shape.Height)
                return new(random.Integer(shape.Height - height + 1), random.Integer(shape.Width - width + 1), height, width);
        }
        return Middle(shape);
    }

    /// <summary>The largest part in the middle whose ratio is allowed.</summary>
    internal ImagePart Middle(ImageShape shape)
    {
        var (height, width) = (shape.Height, shape.Width);
        if (width < height * MinRatio)
            height = Math.Min(height, Math.Max(1, (int)Math.Round(width / MinRatio, MidpointRounding.ToEven)));
        else if (width * MinRatio > height)
            width = Math.Min(width, Math.Max(1, (int)Math.Round(height / MinRatio, MidpointRounding.ToEven)));
        return new((shape.Height - height) / 2, (shape.Width - width) / 2, height, width);
    }
}
