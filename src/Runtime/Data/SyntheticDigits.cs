using SparseSharp.Data;
using SparseSharp.Numerics;

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
                labels[i] = Label(seed, first + i);
                Draw(renderer, labels[i], seed, first + i, inputs.AsSpan(i * Pixels, Pixels));
            }
            return renderer;
        }, _ => { });
        return new Dataset(inputs, Pixels, labels);
    }

    /// <summary>Every ten images hold every digit once, in random order.</summary>
    private static int Label(ulong seed, int index)
    {
        Span<int> digits = stackalloc int[Classes];
        for (var i = 0; i < Classes; i++)
            digits[i] = i;
        var random = new Source(seed, index / Classes, Stream.Order);
        for (var i = Classes - 1; i > 0; i--)
        {
            var other = (int)(random.Next() * (i + 1));
            (digits[i], digits[other]) = (digits[other], digits[i]);
        }
        return digits[index % Classes];
    }

    private static void Draw(GlyphRenderer renderer, int digit, ulong seed, int index, Span<float> image)
    {
        var shape = new Source(seed, index, Stream.Shape);
        var hands = Glyph.Digits[digit];
        var glyph = hands[(int)(shape.Next() * hands.Length)];
        Span<(float X, float Y)> points = stackalloc (float, float)[MostPoints];
        points = points[..glyph.Points.Length];
        Place(glyph.Points, points, ref shape, new Source(seed, index, Stream.Points));
        renderer.Draw(glyph.Commands, points, thickness: shape.Next(1.3f, 3.4f), image);
        Ink(image, shape.Next(0.5f, 1), shape.Next(0.02f, 0.16f), new Source(seed, index, Stream.Noise));
    }

    /// <summary>Takes the points of a glyph from its box of 100 by 100 into the image.</summary>
    private static void Place(ReadOnlySpan<(float X, float Y)> from, Span<(float X, float Y)> to, ref Source shape, Source jitter)
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
    private static void Ink(Span<float> image, float strength, float noise, Source random)
    {
        for (var i = 0; i < image.Length; i++)
        {
            var value = Math.Clamp((image[i] * strength) + (noise * random.Normal()), 0, 1);
            image[i] = MathF.Round(value * 255) / 255;
        }
    }

    /// <summary>The random numbers of one image for one purpose.</summary>
    private struct Source(ulong seed, int index, Stream stream)
    {
        private (uint A, uint B, uint C, uint D) _words;
        private uint _taken;

        /// <summary>Uniform in [0, 1).</summary>
        public float Next() => Philox.Uniform(Word());

        /// <summary>Uniform in [low, high).</summary>
        public float Next(float low, float high) => low + ((high - low) * Next());

        /// <summary>Uniform in ±limit.</summary>
        public float Spread(float limit) => Next(-limit, limit);

        /// <summary>Nearly normal with deviation 1: the sum of four uniform bytes (Irwin-Hall), scaled.</summary>
        public float Normal()
        {
            const float mean = 4 * 127.5f;
            const float deviation = 147.8f;
            var word = Word();
            return ((word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24) - mean) / deviation;
        }

        private uint Word()
        {
            var place = _taken++ & 3;
            if (place == 0)
                _words = Philox.Next(seed, (_taken - 1) >> 2, (uint)index, (uint)stream, (uint)Philox.Purpose.SyntheticData);
            return place switch { 0 => _words.A, 1 => _words.B, 2 => _words.C, _ => _words.D };
        }
    }
}
