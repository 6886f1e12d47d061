using System.Numerics.Tensors;

namespace SparseSharp.Data;

/// <summary>
/// Resizes a part of an image: columns first, then rows, each by the same filter. Where an image shrinks, the filter is as wide as the
/// ratio, so that every pixel counts.
/// </summary>
internal static class Resampler
{
    /// <summary>Resizes a part.</summary>
    /// <param name="shape">The shape of the image.</param>
    /// <param name="image">The image.</param>
    /// <param name="part">The part to take.</param>
    /// <param name="size">The shape of the result, with as many channels.</param>
    /// <param name="result">Receives it.</param>
    /// <param name="filter">The form of the filter.</param>
    /// <param name="antialias">Whether a triangle widens where the image shrinks; otherwise it takes the two nearest pixels.</param>
    /// <param name="context">Gives memory.</param>
    public static void Resize(
        ImageShape shape,
        ReadOnlySpan<float> image,
        ImagePart part,
        ImageShape size,
        Span<float> result,
        ResizeFilter filter,
        bool antialias,
        TransformContext context)
    {
        var across = new ResampleFilter(part.Width, size.Width, filter, antialias);
        var down = new ResampleFilter(part.Height, size.Height, filter, antialias);
        var memory = context.Scratch((size.Width * across.Taps) + down.Taps + (part.Height * size.Width));
        var weights = memory[..(size.Width * across.Taps)];
        for (var x = 0; x < size.Width; x++)
            across.Weights(x, weights.Slice(x * across.Taps, across.Taps));
        var column = memory.Slice(weights.Length, down.Taps);
        var narrowed = memory[(weights.Length + down.Taps)..];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < part.Height; y++)
            {
                var row = image.Slice((channel * shape.Plane) + ((part.Top + y) * shape.Width) + part.Left, part.Width);
                ResizeRow(across, weights, row, narrowed.Slice(y * size.Width, size.Width));
            }
            ResizeColumns(down, column, narrowed, result.Slice(channel * size.Plane, size.Plane), size.Width);
        }
    }

    /// <summary>A filter that there is.</summary>
    public static ResizeFilter Check(ResizeFilter filter) => filter is ResizeFilter.Triangle or ResizeFilter.Area
        ? filter
        : throw new ArgumentOutOfRangeException(nameof(filter), filter, "There is no such filter.");

    private static void ResizeRow(ResampleFilter filter, ReadOnlySpan<float> weights, ReadOnlySpan<float> row, Span<float> result)
    {
        for (var x = 0; x < result.Length; x++)
        {
            var (first, count) = filter.Window(x);
            var sum = 0f;
            for (var i = 0; i < count; i++)
                sum += weights[(x * filter.Taps) + i] * row[first + i];
            result[x] = sum;
        }
    }

    private static void ResizeColumns(
        ResampleFilter filter, Span<float> weights, ReadOnlySpan<float> rows, Span<float> result, int width)
    {
        for (var y = 0; y < result.Length / width; y++)
        {
            var (first, count) = filter.Window(y);
            filter.Weights(y, weights);
            var target = result.Slice(y * width, width);
            TensorPrimitives.Multiply(rows.Slice(first * width, width), weights[0], target);
            for (var i = 1; i < count; i++)
                TensorPrimitives.MultiplyAdd(rows.Slice((first + i) * width, width), weights[i], target, target);
        }
    }
}

/// <summary>A rectangle of an image.</summary>
internal readonly record struct ImagePart(int Top, int Left, int Height, int Width);
