using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>One call of a kernel: columns whose sums fill the registers.</summary>
/// <param name="Kind">The kernel, the list of pixels, and a number of the four rows.</param>
/// <param name="Channel">The first channel that is read: the call is part of its block.</param>
/// <param name="Rows">The four rows.</param>
/// <param name="Index">Positions of columns.</param>
/// <param name="Source">Where each sum belongs in the parameter, -1 for padding.</param>
internal sealed record GradientCall((GradientKernel Kernel, int List, int Rows) Kind, int Channel, int[] Rows, int[] Index, int[] Source);

/// <summary>
/// Cuts the columns of rows into calls. Lists go over all channels, so that only their last calls are filled up with columns that are there
/// already.
/// </summary>
internal sealed class GradientCallCutter(WeightView view, ConvolutionFormat format, TapPhase phase, ImageLayout input)
{
    private readonly ColumnPlaces _places = new(view, phase, input);

    /// <summary>The calls of a tile of rows.</summary>
    /// <param name="tile">The rows.</param>
    /// <param name="cutsTaps">Whether each tap has a list of pixels of its own.</param>
    public IEnumerable<GradientCall> Cut(RowTile tile, bool cutsTaps) => cutsTaps
        ? Enumerable.Range(0, phase.Taps.Length).SelectMany(tap => Cut(tile, ReadColumn.OfTap(0, view.GroupChannels, tap), tap))
        : Cut(tile, ReadColumn.OfAll(0, view.GroupChannels, phase.Taps.Length), list: 0);

    private IEnumerable<GradientCall> Cut(RowTile tile, IEnumerable<ReadColumn> columns, int list)
    {
        var lists = new ColumnLists(ColumnLists.Kept(view, tile, columns, phase.Taps), format);
        if (format == ConvolutionFormat.OneChannel)
        {
            foreach (var call in lists.Shared.Chunk(ConvolutionGradientRun.Singles))
                yield return Single(tile, call, 0, list);
            yield break;
        }
        foreach (var call in lists.Shared.Chunk(ConvolutionTiles.Pixels))
            yield return Shared(tile, call, list);
        for (var pairs = 0; pairs < lists.Pairs.Length; pairs++)
        {
            foreach (var call in lists.Pairs[pairs].Chunk(ConvolutionTiles.Pixels))
                yield return Paired(tile, call, pairs, list);
        }
        for (var row = 0; row < lists.Singles.Length; row++)
        {
            foreach (var call in lists.Singles[row].Chunk(ConvolutionGradientRun.Singles))
                yield return Single(tile, call, row, list);
        }
    }

    private GradientCall Shared(RowTile tile, ReadColumn[] columns, int list)
    {
        var (index, source) = (new int[ConvolutionTiles.Pixels], NewSums(ConvolutionGradientRun.Sums));
        for (var column = 0; column < index.Length; column++)
        {
            index[column] = _places.Position(tile, columns[Math.Min(column, columns.Length - 1)]);
            for (var row = 0; row < ConvolutionTiles.Rows && column < columns.Length; row++)
                source[ConvolutionGradientRun.Slot(row, column)] = _places.Source(tile, row, columns[column]);
        }
        return new((GradientKernel.Columns, list, 0), columns[0].Channel, [.. RowsOf(tile, [0, 1, 2, 3])], index, source);
    }

    private GradientCall Paired(RowTile tile, (ReadColumn First, ReadColumn Second)[] pairs, int pairList, int list)
    {
        byte[] rows = [.. BucketKernel.PairRows.Slice(4 * pairList, 4)];
        var (index, source) = (new int[2 * ConvolutionTiles.Pixels], NewSums(ConvolutionGradientRun.Sums));
        for (var quad = 0; quad < ConvolutionTiles.Pixels; quad++)
        {
            var (first, second) = pairs[Math.Min(quad, pairs.Length - 1)];
            (index[2 * quad], index[(2 * quad) + 1]) = (_places.Position(tile, first), _places.Position(tile, second));
            for (var row = 0; row < ConvolutionTiles.Rows && quad < pairs.Length; row++)
                source[ConvolutionGradientRun.Slot(row, quad)] = _places.Source(tile, rows[row], row < 2 ? first : second);
        }
        return new((GradientKernel.Pairs, list, pairList), pairs[0].First.Channel, [.. RowsOf(tile, rows)], index, source);
    }

    private GradientCall Single(RowTile tile, ReadColumn[] columns, int row, int list)
    {
        var (index, source) = (new int[ConvolutionGradientRun.Singles], NewSums(ConvolutionGradientRun.Singles));
        for (var column = 0; column < index.Length; column++)
        {
            index[column] = _places.Position(tile, columns[Math.Min(column, columns.Length - 1)]);
            if (column < columns.Length)
                source[column] = _places.Source(tile, row, columns[column]);
        }
        var rows = Enumerable.Repeat((byte)row, ConvolutionTiles.Rows).ToArray();
        return new((GradientKernel.Singles, list, row), columns[0].Channel, [.. RowsOf(tile, rows)], index, source);
    }

    private static IEnumerable<int> RowsOf(RowTile tile, byte[] rows) => rows.Select(row => tile.Rows[Math.Min(row, tile.Rows.Length - 1)]);

    private static int[] NewSums(int count)
    {
        var source = new int[count];
        Array.Fill(source, -1);
        return source;
    }
}
