using System.Numerics;
using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>How long the lists of columns will be (<see cref="ColumnLists"/>), word by word: to make room before they are filled.</summary>
internal static unsafe class ColumnCounts
{
    /// <summary>Counts the columns of rows.</summary>
    /// <param name="places">The columns.</param>
    /// <param name="tiles">Tiles of rows, with their format.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="channels">The first channel, a multiple of 4, and the end.</param>
    /// <param name="taps">The first tap and the end.</param>
    /// <param name="counts">Receives the length of each of <see cref="ColumnLists.Kinds"/> lists.</param>
    public static void Count(
        ColumnPlaces places, RowTiles tiles, int tile, (int First, int End) channels, (int First, int End) taps, Span<int> counts)
    {
        counts.Clear();
        var rows = tiles.Rows(tile);
        if (places.View.IsDense)
        {
            counts[0] = (channels.End - channels.First) * (taps.End - taps.First);
        }
        else if (tiles.Format == ConvolutionFormat.PairsAndSingles)
        {
            // Which side a column of three rows takes depends on all before it.
            var lists = ColumnLists.OfThread((channels.End - channels.First) * (taps.End - taps.First));
            lists.Read(places, tile / tiles.TilesPerGroup, rows, channels, taps);
            lists.Sort(tiles.Format);
            lists.Count(tiles.Format, counts);
        }
        else
        {
            for (var tap = taps.First; tap < taps.End; tap++)
                CountWords(places.View, (nint)places.Taps[tap] * places.View.Words, rows, tiles.Format, channels, counts);
        }
    }

    private static void CountWords(
        WeightView view, nint first, ReadOnlySpan<int> rows, ConvolutionFormat format, (int First, int End) channels, Span<int> counts)
    {
        for (var word = channels.First >> 6; word << 6 < channels.End; word++)
        {
            var wanted = ~0UL << Math.Max(0, channels.First - (word << 6));
            if (channels.End - (word << 6) is var end and < 64)
                wanted &= (1UL << end) - 1;
            var a = view.Bits(rows[0])[first + word] & wanted;
            var b = rows.Length > 1 ? view.Bits(rows[1])[first + word] & wanted : 0;
            var c = rows.Length > 2 ? view.Bits(rows[2])[first + word] & wanted : 0;
            var d = rows.Length > 3 ? view.Bits(rows[3])[first + word] & wanted : 0;
            switch (format)
            {
                case ConvolutionFormat.Pairs:
                    // All find partners, so one side says how many there are; columns of all rows are both sides of the first list.
                    counts[1] += BitOperations.PopCount(a & b);
                    counts[2] += BitOperations.PopCount(a & c & ~b);
                    counts[3] += BitOperations.PopCount(a & d & ~b);
                    break;
                case ConvolutionFormat.Singles:
                    counts[4] += BitOperations.PopCount(a);
                    counts[5] += BitOperations.PopCount(b);
                    counts[6] += BitOperations.PopCount(c);
                    counts[7] += BitOperations.PopCount(d);
                    break;
                default:
                    counts[0] += BitOperations.PopCount(a | b | c | d);
                    break;
            }
        }
    }
}
