using System.Numerics;
using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>Counts the calls of each unit (<see cref="GradientCalls"/>), four channels at a time, before they are written.</summary>
internal unsafe ref struct GradientCallCounter
{
    [ThreadStatic]
    private static NativeBuffer<int>? t_lists;

    private readonly ColumnPlaces _places;
    private readonly RowTiles _tiles;
    private readonly int _blockChannels;
    private readonly int _lists;
    private readonly int* _lengths;
    private readonly int* _nextCalls;

    /// <param name="places">The columns.</param>
    /// <param name="tiles">The rows.</param>
    /// <param name="blockChannels">Channels of a block, a multiple of 4.</param>
    /// <param name="lists">Lists of pixels: one, or one for each tap.</param>
    public GradientCallCounter(ColumnPlaces places, RowTiles tiles, int blockChannels, int lists)
    {
        (_places, _tiles, _blockChannels, _lists) = (places, tiles, blockChannels, lists);
        _lengths = Scratch.Reserve(ref t_lists, 2L * lists * ColumnLists.Kinds);
        _nextCalls = _lengths + (lists * ColumnLists.Kinds);
    }

    /// <summary>Counts the calls of a tile.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="units">Receives the sizes of its units.</param>
    public readonly void Count(int tile, Span<GradientStart> units)
    {
        var (view, channels) = (_places.View, _places.View.GroupChannels);
        var rows = _tiles.Rows(tile);
        for (var first = 0; first < channels; first += _blockChannels)
            units[(first / _blockChannels * _tiles.Count) + tile] = default;
        new Span<int>(_lengths, 2 * _lists * ColumnLists.Kinds).Clear();
        if (_tiles.Format == ConvolutionFormat.PairsAndSingles)
        {
            CountLists(tile, units);
            return;
        }
        for (var four = 0; four < channels; four += 4)
        {
            ref var unit = ref units[(four / _blockChannels * _tiles.Count) + tile];
            for (var tap = 0; tap < _places.Taps.Length; tap++)
            {
                var list = _lists == 1 ? 0 : tap * ColumnLists.Kinds;
                if (view.IsDense)
                {
                    Add(list, 0, Math.Min(4, channels - four), ref unit);
                    continue;
                }
                var word = ((nint)_places.Taps[tap] * view.Words) + (four >> 6);
                var a = Bits(rows[0], word, four);
                var b = rows.Length > 1 ? Bits(rows[1], word, four) : 0;
                var c = rows.Length > 2 ? Bits(rows[2], word, four) : 0;
                var d = rows.Length > 3 ? Bits(rows[3], word, four) : 0;
                switch (_tiles.Format)
                {
                    case ConvolutionFormat.Pairs:
                        Add(list, 1, BitOperations.PopCount(a & b), ref unit);
                        Add(list, 2, BitOperations.PopCount(a & c & ~b), ref unit);
                        Add(list, 3, BitOperations.PopCount(a & d & ~b), ref unit);
                        break;
                    case ConvolutionFormat.Singles:
                        Add(list, 4, BitOperations.PopCount(a), ref unit);
                        Add(list, 5, BitOperations.PopCount(b), ref unit);
                        Add(list, 6, BitOperations.PopCount(c), ref unit);
                        Add(list, 7, BitOperations.PopCount(d), ref unit);
                        break;
                    default:
                        Add(list, 0, BitOperations.PopCount(a | b | c | d), ref unit);
                        break;
                }
            }
        }
    }

    /// <summary>Which list a column of three rows takes depends on all before it, so lists are filled.</summary>
    private readonly void CountLists(int tile, Span<GradientStart> units)
    {
        var channels = _places.View.GroupChannels;
        var lists = ColumnLists.OfThread(channels * _places.Taps.Length);
        for (var list = 0; list < _lists; list++)
        {
            var taps = _lists == 1 ? (0, _places.Taps.Length) : (list, list + 1);
            lists.Read(_places, tile / _tiles.TilesPerGroup, _tiles.Rows(tile), (0, channels), taps);
            lists.Sort(_tiles.Format);
            for (var kind = 1; kind < ColumnLists.Kinds; kind++)
            {
                var kernel = GradientCall.KernelOf(kind, _tiles.Format);
                var columns = lists.OfKind(kind);
                for (var first = 0; first < columns.Length; first += GradientCall.ColumnsOf(kernel))
                {
                    var block = ColumnPlaces.Weight(columns[first]) % channels / _blockChannels;
                    AddCall(kernel, ref units[(block * _tiles.Count) + tile]);
                }
            }
        }
    }

    private readonly uint Bits(int row, nint word, int four) => (uint)(_places.View.Bits(row)[word] >> (four & 63)) & 15;

    /// <summary>Adds columns to a list: calls that begin there belong to the unit.</summary>
    private readonly void Add(int list, int kind, int columns, ref GradientStart unit)
    {
        var kernel = GradientCall.KernelOf(kind, _tiles.Format);
        ref var next = ref _nextCalls[list + kind];
        var length = _lengths[list + kind] += columns;
        for (; next < length; next += GradientCall.ColumnsOf(kernel))
            AddCall(kernel, ref unit);
    }

    private static void AddCall(GradientKernel kernel, ref GradientStart unit) =>
        unit = new(unit.Record + 1, unit.Position + GradientCall.PositionsOf(kernel), unit.Sum + GradientCall.SumsOf(kernel));
}
