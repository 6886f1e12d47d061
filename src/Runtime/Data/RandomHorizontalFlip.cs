using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>Mirrors an image, left and right, with a probability.</summary>
public sealed class RandomHorizontalFlip : ImageTransform
{
    private readonly double _probability;

    /// <summary>Makes the transform.</summary>
    /// <param name="probability">From 0 to 1.</param>
    public RandomHorizontalFlip(double probability = 0.5)
    {
        Ranges.UpToOne(probability);
        _probability = probability;
    }

    /// <inheritdoc/>
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    {
        image.CopyTo(result);
        if (!context.Random.Chance(_probability))
            return;
        for (var row = 0; row < shape.Channels * shape.Height; row++)
            result.Slice(row * shape.Width, shape.Width).Reverse();
    }
}
