using System.Numerics;
using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>
/// The columns of four rows in the lists of a format. A column that two rows keep is a side of a pair; one of all four is both sides; one
/// of three gives a pair to whatever lacks a partner; what finds none becomes singles.
/// </summary>
internal sealed class ColumnLists
{
    private readonly List<ReadColumn>[] _sides = [[], [], [], [], [], []];
    private readonly List<ReadColumn>[] _singles = [[], [], [], []];

    /// <param name="columns">Columns that some row keeps, with a bit for each row that does.</param>
    /// <param name="format">The format.</param>
    public ColumnLists(IEnumerable<(ReadColumn Column, int Rows)> columns, ConvolutionFormat format)
    {
        if (format is ConvolutionFormat.Columns or ConvolutionFormat.OneChannel)
        {
            Shared = [.. columns.Select(entry => entry.Column)];
            return;
        }
        Shared = [];
        var threes = new List<(ReadColumn Column, int Rows)>();
        foreach (var entry in columns)
            Sort(entry.Column, entry.Rows, format, threes);
        foreach (var (column, rows) in threes)
        {
            var side = Enumerable.Range(0, _sides.Length)
                .Where(side => (rows & RowsOf(side)) == RowsOf(side))
                .MaxBy(side => _sides[side ^ 1].Count - _sides[side].Count);
            _sides[side].Add(column);
            AddSingles(column, rows & ~RowsOf(side));
        }
        for (var list = 0; list < BucketKernel.PairLists; list++)
            Pairs[list] = Match(list);
    }

    /// <summary>Columns that all rows keep.</summary>
    public ReadColumn[] Shared { get; }

    /// <summary>Pairs of each list.</summary>
    public (ReadColumn First, ReadColumn Second)[][] Pairs { get; } = [[], [], []];

    /// <summary>Columns of single rows.</summary>
    public IReadOnlyList<ReadColumn>[] Singles => _singles;

    /// <summary>Whether all columns of a mask find a partner.</summary>
    public static bool AreAllPaired(WeightView view, RowTile[] tiles, IReadOnlyList<Tap> taps)
    {
        var columns = new int[1 << ConvolutionTiles.Rows];
        foreach (var tile in tiles)
        {
            for (var number = 0; number < taps.Count; number++)
            {
                // Four channels of a tap are never cut apart.
                for (var channel = 0; channel < view.GroupChannels; channel += 4)
                {
                    Array.Clear(columns);
                    for (var other = channel; other < Math.Min(channel + 4, view.GroupChannels); other++)
                        columns[RowsThatKeep(view, tile, other, taps[number].Number)]++;
                    if (!ArePaired(columns))
                        return false;
                }
            }
        }
        return true;
    }

    /// <summary>Whether columns find partners, given how many there are for each set of rows.</summary>
    private static bool ArePaired(int[] columns)
    {
        for (var rows = 1; rows < columns.Length; rows++)
        {
            if (columns[rows] > 0 && BitOperations.PopCount((uint)rows) % 2 != 0)
                return false;
            // All four rows are both sides of a pair.
            if (columns[rows] != columns[columns.Length - 1 - rows] && rows != columns.Length - 1)
                return false;
        }
        return true;
    }

    private static int RowsThatKeep(WeightView view, RowTile tile, int channel, int tap)
    {
        var rows = 0;
        for (var row = 0; row < tile.Rows.Length; row++)
            rows |= view.Keeps(tile.Rows[row], channel, tap) ? 1 << row : 0;
        return rows;
    }

    /// <summary>Those of the columns that some row of a tile keeps.</summary>
    public static IEnumerable<(ReadColumn Column, int Rows)> Kept(
        WeightView view, RowTile tile, IEnumerable<ReadColumn> columns, IReadOnlyList<Tap> taps)
    {
        foreach (var column in columns)
        {
            if (RowsThatKeep(view, tile, column.Channel, taps[column.Tap].Number) is var rows and not 0)
                yield return (column, rows);
        }
    }

    private static int RowsOf(int side) =>
        (1 << BucketKernel.PairRows[2 * side]) | (1 << BucketKernel.PairRows[(2 * side) + 1]);

    private void Sort(ReadColumn column, int rows, ConvolutionFormat format, List<(ReadColumn Column, int Rows)> threes)
    {
        var count = BitOperations.PopCount((uint)rows);
        if (format == ConvolutionFormat.Singles || count == 1)
        {
            AddSingles(column, rows);
        }
        else if (count == 2)
        {
            _sides[Enumerable.Range(0, _sides.Length).First(side => RowsOf(side) == rows)].Add(column);
        }
        else if (count == 4)
        {
            _sides[0].Add(column);
            _sides[1].Add(column);
        }
        else
        {
            threes.Add((column, rows));
        }
    }

    private (ReadColumn First, ReadColumn Second)[] Match(int list)
    {
        var (first, second) = (_sides[2 * list], _sides[(2 * list) + 1]);
        var pairs = Math.Min(first.Count, second.Count);
        foreach (var column in first.Skip(pairs))
            AddSingles(column, RowsOf(2 * list));
        foreach (var column in second.Skip(pairs))
            AddSingles(column, RowsOf((2 * list) + 1));
        return [.. first.Take(pairs).Zip(second)];
    }

    private void AddSingles(ReadColumn column, int rows)
    {
        for (var row = 0; row < _singles.Length; row++)
        {
            if ((rows >> row & 1) != 0)
                _singles[row].Add(column);
        }
    }
}
