using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>
/// Pixels that go through the same taps. In small images much of the work would else multiply zeros of the border: of a corner at 3x3 four
/// taps lie inside the image, of an edge six.
/// </summary>
/// <param name="Taps">Numbers of the taps in the list of the phase.</param>
/// <param name="Pixels">The pixels.</param>
internal sealed record PixelClass(int[] Taps, Extent[] Pixels)
{
    /// <summary>
    /// Rows of a strip: pixels follow each other along strips, so that tiles share lines of the input in both directions.
    /// </summary>
    private const int StripRows = 2;

    /// <summary>Share of taps inside the image, and of tiles times taps, from which on all pixels are one class.</summary>
    private const double MostInside = 0.8;

    /// <summary>Most classes that are looked at: where there are more, each has few pixels.</summary>
    private const int MostClasses = 64;

    /// <summary>The classes of a phase that take the fewest tiles times taps: one if there is little to gain.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="vectors">Vectors of samples that go through at once.</param>
    public static PixelClass[] Of(TapPhase phase, int vectors)
    {
        var pixels = InStrips(phase);
        var all = new TapSet([.. Enumerable.Range(0, phase.Taps.Length)], [.. Enumerable.Range(0, pixels.Length)]);
        var sets = HasManyOutside(phase) ? SetsOf(phase, pixels) : [];
        if (sets.Count is 0 or > MostClasses)
            return [all.ToClass(pixels)];
        Join(sets, vectors);
        return sets.Sum(set => set.Work(vectors)) < MostInside * all.Work(vectors)
            ? [.. sets.Select(set => set.ToClass(pixels))]
            : [all.ToClass(pixels)];
    }

    /// <summary>All pixels with all taps.</summary>
    public static PixelClass All(TapPhase phase) => new([.. Enumerable.Range(0, phase.Taps.Length)], InStrips(phase));

    /// <summary>Whether many taps of a phase lie beside the image.</summary>
    public static bool HasManyOutside(TapPhase phase)
    {
        var inside = 0L;
        foreach (var tap in phase.Taps)
        {
            var rows = Inside(phase.Count.Rows, phase.InputStride.Rows, tap.Row, phase.InputSize.Rows);
            inside += (long)rows * Inside(phase.Count.Columns, phase.InputStride.Columns, tap.Column, phase.InputSize.Columns);
        }
        return inside < MostInside * phase.Count.Area * phase.Taps.Length;
    }

    /// <summary>All pixels, strip by strip, column by column.</summary>
    public static Extent[] InStrips(Extent count, int stripRows)
    {
        var (pixels, next) = (new Extent[count.Area], 0);
        for (var strip = 0; strip < count.Rows; strip += stripRows)
        {
            for (var column = 0; column < count.Columns; column++)
            {
                for (var row = strip; row < Math.Min(count.Rows, strip + stripRows); row++)
                    pixels[next++] = new(row, column);
            }
        }
        return pixels;
    }

    private static Extent[] InStrips(TapPhase phase) => InStrips(phase.Count, phase.Taps.Length == 1 ? 1 : StripRows);

    /// <summary>
    /// Pixels of which the same taps lie inside the image: nine sets at most for 3x3, which are corners, edges and the middle.
    /// </summary>
    private static List<TapSet> SetsOf(TapPhase phase, Extent[] pixels)
    {
        var sets = new Dictionary<string, (int[] Taps, List<int> Pixels)>();
        for (var pixel = 0; pixel < pixels.Length; pixel++)
        {
            int[] taps = [.. Enumerable.Range(0, phase.Taps.Length).Where(tap => phase.IsInside(pixels[pixel], phase.Taps[tap]))];
            var key = string.Join(',', taps);
            if (!sets.TryGetValue(key, out var set))
                sets.Add(key, set = (taps, []));
            set.Pixels.Add(pixel);
        }
        return [.. sets.Values.Select(set => new TapSet(set.Taps, [.. set.Pixels]))];
    }

    /// <summary>
    /// Joins sets while that saves tiles times taps: a corner alone fills a tile, beside an edge it takes the edge's taps but no tile.
    /// </summary>
    private static void Join(List<TapSet> sets, int vectors)
    {
        while (true)
        {
            var (best, joined) = (0L, (First: -1, Second: -1));
            for (var first = 0; first < sets.Count; first++)
            {
                for (var second = first + 1; second < sets.Count; second++)
                {
                    var saved = sets[first].Work(vectors) + sets[second].Work(vectors) - sets[first].And(sets[second]).Work(vectors);
                    if (saved > best)
                        (best, joined) = (saved, (first, second));
                }
            }
            if (best == 0)
                return;
            sets[joined.First] = sets[joined.First].And(sets[joined.Second]);
            sets.RemoveAt(joined.Second);
        }
    }

    private static int Inside(int count, int step, int tap, int size)
    {
        var inside = 0;
        for (var pixel = 0; pixel < count; pixel++)
            inside += (uint)((pixel * step) + tap) < (uint)size ? 1 : 0;
        return inside;
    }

    /// <summary>Pixels by their numbers, and the taps that some of them need, both in order.</summary>
    private sealed record TapSet(int[] Taps, int[] Pixels)
    {
        /// <summary>Tiles times taps.</summary>
        public long Work(int vectors)
        {
            var tiles = (((long)Pixels.Length * vectors) + ConvolutionTiles.Pixels - 1) / ConvolutionTiles.Pixels;
            return tiles * Taps.Length;
        }

        public TapSet And(TapSet other) => new([.. Taps.Union(other.Taps).Order()], [.. Pixels.Concat(other.Pixels).Order()]);

        public PixelClass ToClass(Extent[] pixels) => new(Taps, [.. Pixels.Select(pixel => pixels[pixel])]);
    }
}
