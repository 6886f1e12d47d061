using SparseSharp.Data;

namespace SparseSharp;

/// <summary>
/// Drawn digits in place of a downloaded data set: grey images of 28 by 28 pixels, 10 classes in equal numbers. Each is a vector glyph
/// in one of several hands, with wavering points, a random affine map and bend, and its own pen, ink and noise. An image depends on the
/// seed and its number alone, and is the same on every machine.
/// </summary>
public static class SyntheticDigits
{
    /// <summary>Height and width of an image.</summary>
    public const int Size = 28;

    /// <summary>Classes: the digits.</summary>
    public const int Classes = 10;

    private const int Pixels = Size * Size;
    private const int ImagesPerTask = 64;
    private const int MostPoints = 32;

    private enum Stream : uint
    {
        Shape,
        Points,
        Noise,
        Order,
    }

    /// <summary>Draws images as a dataset with features from 0 (paper) to 1 (ink), row-major.</summary>
    /// <param name="count">Images; any ten from a multiple of ten on hold every digit once.</param>
    /// <param name="seed">Equal seeds give equal images; use different ones for training and test.</param>
    /// <param name="first">Number of the first image.</param>
    public static Dataset Generate(int count, ulong seed, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / Pixels);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, int.MaxValue - count);
        var inputs = GC.AllocateUninitializedArray<float>(count * Pixels);
        var labels = new int[count];
        var tasks = (count + ImagesPerTask - 1) / ImagesPerTask;
        Parallel.For(0, tasks, () => new GlyphRenderer(Size), (task, _, renderer) =>
        {
            var end = Math.Min(count, (task + 1) * ImagesPerTask);
            for (var i = task * ImagesPerTask; i < end; i++)
            {
                labels[i] = SyntheticSource.Label(seed, first + i, (uint)Stream.Order);
                Draw(renderer, labels[i], seed, first + i, inputs.AsSpan(i * Pixels, Pixels));
            }
            return renderer;
        }, _ => { });
        return new Dataset(inputs, Pixels, labels).AsImages(1, Size, Size);
    }

    private static void Draw(GlyphRenderer renderer, int digit, ulong seed, int index, Span<float> image)
    {
        var shape = new SyntheticSource(seed, index, (uint)Stream.Shape);
        var hands = Glyph.Digits[digit];
        var glyph = hands[(int)(shape.Next() * hands.Length)];
        Span<(float X, float Y)> points = stackalloc (float, float)[MostPoints];
        points = points[..glyph.Points.Length];
        Place(glyph.Points, points, ref shape, new SyntheticSource(seed, index, (uint)Stream.Points));
        renderer.Draw(glyph.Commands, points, thickness: shape.Next(1.3f, 3.4f), image);
        Ink(image, shape.Next(0.5f, 1), shape.Next(0.02f, 0.16f), new SyntheticSource(seed, index, (uint)Stream.Noise));
    }

    /// <summary>Takes the points of a glyph from its box of 100 by 100 into the image.</summary>
    private static void Place(ReadOnlySpan<(float X, float Y)> from, Span<(float X, float Y)> to, ref SyntheticSource shape, SyntheticSource jitter)
    {
        const float waver = 0.075f;
        // Half the tangent of the angle gives sine and cosine without a library function, which would differ between machines.
        var half = shape.Spread(0.17f);
        var (cos, sin) = ((1 - (half * half)) / (1 + (half * half)), 2 * half / (1 + (half * half)));
        var (width, height) = (shape.Next(11, 18), shape.Next(15, 21.5f));
        var slant = shape.Spread(0.3f);
        var (bendX, bendY) = (shape.Spread(0.3f), shape.Spread(0.3f));
        var (left, top) = (14 + shape.Spread(3.2f), 14 + shape.Spread(3.2f));
        for (var i = 0; i < from.Length; i++)
        {
            var x = ((from[i].X - 50) / 100) + jitter.Spread(waver);
            var y = ((from[i].Y - 50) / 100) + jitter.Spread(waver);
            x += (bendX * y * y) - (slant * y);
            y += bendY * x * x;
            (x, y) = (x * width, y * height);
            to[i] = (left + (cos * x) - (sin * y), top + (sin * x) + (cos * y));
        }
    }

    /// <summary>Applies the strength of the ink and the noise of the paper, and rounds to the 256 greys of an image file.</summary>
    private static void Ink(Span<float> image, float strength, float noise, SyntheticSource random)
    {
        for (var i = 0; i < image.Length; i++)
        {
            var value = Math.Clamp((image[i] * strength) + (noise * random.Normal()), 0, 1);
            image[i] = MathF.Round(value * 255) / 255;
        }
    }
}
