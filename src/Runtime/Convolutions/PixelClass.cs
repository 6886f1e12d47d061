namespace SparseSharp.Convolutions;

/// <summary>
/// Pixels of which the same taps lie inside the image: nine classes at most for 3x3, which are corners, edges and the middle. In small
/// images much of the work would else multiply zeros of the border.
/// </summary>
/// <param name="Taps">Numbers of the taps in the list of the phase.</param>
/// <param name="Pixels">The pixels.</param>
internal sealed record PixelClass(int[] Taps, Extent[] Pixels)
{
    /// <summary>
    /// Rows of a strip: pixels follow each other along strips, so that tiles share lines of the input in both directions.
    /// </summary>
    private const int StripRows = 2;

    /// <summary>Share of taps inside the image from which on all pixels are one class.</summary>
    private const double MostInside = 0.8;

    /// <summary>The classes of a phase: one if there is little to gain.</summary>
    public static PixelClass[] Of(TapPhase phase)
    {
        var pixels = InStrips(phase.Count, phase.Taps.Length == 1 ? 1 : StripRows);
        int[] all = [.. Enumerable.Range(0, phase.Taps.Length)];
        if (!HasManyOutside(phase))
            return [new(all, pixels)];
        return
        [
            .. from pixel in pixels
               let taps = all.Where(tap => phase.IsInside(pixel, phase.Taps[tap])).ToArray()
               group (pixel, taps) by string.Join(',', taps) into members
               select new PixelClass(members.First().taps, [.. members.Select(member => member.pixel)]),
        ];
    }

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
    public static Extent[] InStrips(Extent count, int stripRows) =>
    [
        .. from strip in Enumerable.Range(0, (count.Rows + stripRows - 1) / stripRows)
           from column in Enumerable.Range(0, count.Columns)
           from row in Enumerable.Range(strip * stripRows, Math.Min(stripRows, count.Rows - (strip * stripRows)))
           select new Extent(row, column),
    ];

    private static int Inside(int count, int step, int tap, int size)
    {
        var inside = 0;
        for (var pixel = 0; pixel < count; pixel++)
            inside += (uint)((pixel * step) + tap) < (uint)size ? 1 : 0;
        return inside;
    }
}
