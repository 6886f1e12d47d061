using System.Numerics;
using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>
/// The rows of a view in fours, which never lie across groups, and the format with the fewest loads that the mask allows. Where a mask says
/// so, rows that keep the same columns come together, as in blocks of rows that are not neighbours; else those that keep equally many.
/// </summary>
internal sealed unsafe class RowTiles
{
    private const double PairedDensity = 1.0 / 3;

    /// <summary>Kept share of what four rows keep together from which on they share columns.</summary>
    private const double SharedDensity = 0.95;

    private readonly WeightView _view;
    private readonly int[] _taps;
    private readonly int[] _order;
    private readonly int[] _rows;
    private readonly ulong[] _keys;
    private readonly ulong[] _places;

    /// <param name="view">The weights.</param>
    /// <param name="taps">Numbers of the taps that count.</param>
    public RowTiles(WeightView view, ReadOnlySpan<int> taps)
    {
        (_view, _taps) = (view, taps.ToArray());
        TilesPerGroup = (view.GroupRows + ConvolutionTiles.Rows - 1) / ConvolutionTiles.Rows;
        _order = new int[view.Rows];
        _rows = new int[view.GroupRows];
        _keys = new ulong[view.GroupRows];
        _places = new ulong[view.GroupRows];
        Update();
    }

    /// <summary>The format.</summary>
    public ConvolutionFormat Format { get; private set; }

    /// <summary>Tiles of all groups.</summary>
    public int Count => TilesPerGroup * _view.Groups;

    /// <summary>Tiles of a group.</summary>
    public int TilesPerGroup { get; }

    /// <summary>The rows of a tile: four, or fewer at the end of a group.</summary>
    public ReadOnlySpan<int> Rows(int tile)
    {
        var (group, four) = Math.DivRem(tile, TilesPerGroup);
        var first = four * ConvolutionTiles.Rows;
        return _order.AsSpan((group * _view.GroupRows) + first, Math.Min(ConvolutionTiles.Rows, _view.GroupRows - first));
    }

    /// <summary>Follows the mask of the view.</summary>
    public void Update()
    {
        for (var row = 0; row < _order.Length; row++)
            _order[row] = row;
        if (_view.GroupRows == 1)
        {
            Format = ConvolutionFormat.OneChannel;
            return;
        }
        Format = ConvolutionFormat.Columns;
        if (_view.IsDense)
            return;
        Order(bySet: true);
        if (SharesColumns())
            return;
        for (var row = 0; row < _order.Length; row++)
            _order[row] = row;
        Format = _view.Density < PairedDensity ? ConvolutionFormat.Singles
            : AreAllPaired() ? ConvolutionFormat.Pairs
            : ConvolutionFormat.PairsAndSingles;
        if (Format != ConvolutionFormat.Pairs)
            Order(bySet: false);
    }

    /// <summary>Sorts the rows of each group: same columns together, or those first that keep most.</summary>
    private void Order(bool bySet)
    {
        var size = _view.GroupRows;
        for (var first = 0; first < _order.Length; first += size)
        {
            var isEven = true;
            for (var row = 0; row < size; row++)
            {
                _rows[row] = row;
                _keys[row] = bySet ? Hash(first + row) : (ulong)(long.MaxValue - Kept(first + row));
                isEven &= _keys[row] == _keys[0];
            }
            if (isEven)
                continue;
            _keys.AsSpan().Sort(_rows.AsSpan());
            SortEqual(bySet);
            for (var row = 0; row < size; row++)
                _order[first + row] = first + _rows[row];
        }
    }

    /// <summary>Brings rows of equal keys into their order, and sets of rows into that of their first ones.</summary>
    private void SortEqual(bool bySet)
    {
        var end = 0;
        for (var start = 0; start < _rows.Length; start = end)
        {
            for (end = start + 1; end < _rows.Length && _keys[end] == _keys[start]; end++)
            {
            }
            var same = _rows.AsSpan(start, end - start);
            same.Sort();
            for (var row = start; row < end; row++)
                _places[row] = ((ulong)(bySet ? same[0] : start) << 32) | (uint)_rows[row];
        }
        _places.AsSpan().Sort();
        for (var row = 0; row < _rows.Length; row++)
            _rows[row] = (int)(uint)_places[row];
    }

    /// <summary>A number of the columns that a row keeps. Two sets with the same one would be neighbours, which does no harm.</summary>
    private ulong Hash(int row)
    {
        var hash = 0UL;
        foreach (var tap in _taps)
        {
            foreach (var word in Words(row, tap))
                hash = BitOperations.RotateLeft((hash ^ word) * 0x9E3779B97F4A7C15, 29);
        }
        return hash;
    }

    private int Kept(int row)
    {
        var kept = 0;
        foreach (var tap in _taps)
        {
            foreach (var word in Words(row, tap))
                kept += BitOperations.PopCount(word);
        }
        return kept;
    }

    /// <summary>Whether rows of a tile keep nearly the same columns.</summary>
    private bool SharesColumns()
    {
        var (kept, shared) = (0L, 0L);
        for (var tile = 0; tile < Count; tile++)
        {
            var rows = Rows(tile);
            foreach (var tap in _taps)
            {
                for (var word = 0; word < _view.Words; word++)
                {
                    var any = 0UL;
                    foreach (var row in rows)
                    {
                        var bits = Words(row, tap)[word];
                        kept += BitOperations.PopCount(bits);
                        any |= bits;
                    }
                    shared += BitOperations.PopCount(any) * rows.Length;
                }
            }
        }
        return kept >= SharedDensity * shared;
    }

    /// <summary>
    /// Whether all columns find a partner. Four channels of a tap are never cut apart, so they have to find theirs among each other.
    /// </summary>
    private bool AreAllPaired()
    {
        for (var tile = 0; tile < Count; tile++)
        {
            var rows = Rows(tile);
            foreach (var tap in _taps)
            {
                for (var word = 0; word < _view.Words; word++)
                {
                    var (a, b) = (Words(rows[0], tap)[word], rows.Length > 1 ? Words(rows[1], tap)[word] : 0);
                    var (c, d) = (rows.Length > 2 ? Words(rows[2], tap)[word] : 0, rows.Length > 3 ? Words(rows[3], tap)[word] : 0);
                    // One row or three.
                    if ((a ^ b ^ c ^ d) != 0)
                        return false;
                    if (CountFours(a & b & ~c) != CountFours(c & d & ~a) || CountFours(a & c & ~b) != CountFours(b & d & ~a)
                        || CountFours(a & d & ~b) != CountFours(b & c & ~a))
                    {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /// <summary>The number of bits in each four.</summary>
    private static ulong CountFours(ulong word)
    {
        word -= (word >> 1) & 0x5555555555555555;
        return (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333);
    }

    private ReadOnlySpan<ulong> Words(int row, int tap) => new(_view.Bits(row) + ((nint)tap * _view.Words), _view.Words);
}
