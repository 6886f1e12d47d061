using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>A column that is read: a channel of a group at a tap, by its number in the list of the phase.</summary>
internal readonly record struct ReadColumn(int Channel, int Tap)
{
    /// <summary>Some channels at one tap.</summary>
    public static IEnumerable<ReadColumn> OfTap(int first, int end, int tap) =>
        Enumerable.Range(first, end - first).Select(channel => new ReadColumn(channel, tap));

    /// <summary>Some channels at all taps, four at each: blocks and tiles of masks are never cut apart.</summary>
    public static IEnumerable<ReadColumn> OfAll(int first, int end, int taps)
    {
        for (var four = first; four < end; four += 4)
        {
            for (var tap = 0; tap < taps; tap++)
            {
                for (var channel = four; channel < Math.Min(end, four + 4); channel++)
                    yield return new(channel, tap);
            }
        }
    }
}

/// <summary>Where columns lie in the input, and their weights in the parameter.</summary>
internal sealed class ColumnPlaces(WeightView view, TapPhase phase, ImageLayout input)
{
    /// <summary>From the line of a pixel to that of a column.</summary>
    public int Position(RowTile tile, ReadColumn column)
    {
        var channel = (tile.Group * view.GroupChannels) + column.Channel;
        return checked((channel * input.ChannelStride) + TileTable.Position(phase.Taps[column.Tap], input));
    }

    /// <summary>Where a weight lies in the parameter; -1 if there is none.</summary>
    public int Source(RowTile tile, int row, ReadColumn column)
    {
        var tap = phase.Taps[column.Tap].Number;
        return row < tile.Rows.Length && view.Keeps(tile.Rows[row], column.Channel, tap)
            ? view.Position(tile.Rows[row], column.Channel, tap)
            : -1;
    }

    /// <summary>Numbers as kernels read them.</summary>
    public static PinnedBuffer<int> Table(IReadOnlyCollection<int> numbers)
    {
        var buffer = new PinnedBuffer<int>(numbers.Count);
        numbers.ToArray().CopyTo(buffer.Span);
        return buffer;
    }
}
