using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>Kernels of a weight gradient.</summary>
internal enum GradientKernel
{
    /// <summary>The same columns for four rows.</summary>
    Columns,

    /// <summary>Pairs of columns, each for two rows.</summary>
    Pairs,

    /// <summary>Columns of one row.</summary>
    Singles,
}

/// <summary>Calls of one kernel with one list of pixels: columns whose sums fill the registers.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="List">The list of pixels.</param>
/// <param name="Rows">Where its four rows stand.</param>
/// <param name="Index">Where its positions begin.</param>
/// <param name="Target">Where its sums begin.</param>
/// <param name="Calls">Calls.</param>
internal readonly record struct GradientRecord(GradientKernel Kernel, int List, int Rows, int Index, int Target, int Calls)
{
    /// <summary>Sums of all calls.</summary>
    public int Sums => Calls * (Kernel == GradientKernel.Singles ? ConvolutionGradientRun.Singles : ConvolutionGradientRun.Sums);
}

/// <summary>
/// What a weight gradient computes, unit by unit: a unit is a block of channels of a tile of rows, and one member's work. Lists of columns
/// go over all channels, so that only their last calls are filled up; a call belongs to the block of its first column.
/// </summary>
internal sealed unsafe class GradientCalls : IDisposable
{
    /// <summary>Numbers of a tile: where its records, positions and sums begin.</summary>
    private const int Start = 3;

    private readonly ColumnPlaces _places;
    private readonly RowTiles _tiles;
    private readonly PinnedBuffer<int> _index = new(0);
    private readonly PinnedBuffer<int> _rows;
    private readonly PinnedBuffer<GradientRecord> _records = new(0);
    private readonly PinnedBuffer<int> _source = new(0);
    private readonly int[] _firstRecords;
    private readonly int[] _starts;
    private readonly int _blockChannels;
    private readonly int _lists;

    /// <param name="places">The columns of a forward phase.</param>
    /// <param name="cutsTaps">Whether each tap has a list of pixels of its own.</param>
    /// <param name="blockChannels">Channels of a block, a multiple of 4.</param>
    public GradientCalls(ColumnPlaces places, bool cutsTaps, int blockChannels)
    {
        (_places, _blockChannels, _lists) = (places, blockChannels, cutsTaps ? places.Taps.Length : 1);
        _tiles = new RowTiles(places.View, places.Taps);
        Blocks = (places.View.GroupChannels + blockChannels - 1) / blockChannels;
        _rows = new PinnedBuffer<int>((long)Tiles * ColumnLists.Kinds * ConvolutionTiles.Rows);
        _firstRecords = new int[(Blocks + 1) * Tiles];
        _starts = new int[(Tiles + 1) * Start];
        Update();
    }

    /// <summary>Blocks of channels.</summary>
    public int Blocks { get; }

    /// <summary>Tiles of rows.</summary>
    public int Tiles => _tiles.Count;

    /// <summary>Sums of all calls.</summary>
    public int Sums => _starts[(Tiles * Start) + 2];

    public int* Index => _index.Pointer;

    public int* Rows => _rows.Pointer;

    /// <summary>Where each sum belongs in the parameter, -1 for padding.</summary>
    public int* Source => _source.Pointer;

    /// <summary>The calls of a unit.</summary>
    public ReadOnlySpan<GradientRecord> Unit(int block, int tile)
    {
        var first = _firstRecords[(tile * (Blocks + 1)) + block];
        return new(_records.Pointer + first, _firstRecords[(tile * (Blocks + 1)) + block + 1] - first);
    }

    /// <summary>Follows the mask: chooses format and tiles and makes room. <see cref="Arrange(int, int)"/> comes next.</summary>
    public void Update()
    {
        _tiles.Update();
        Span<int> counts = stackalloc int[ColumnLists.Kinds];
        for (var tile = 0; tile < Tiles; tile++)
        {
            var start = _starts.AsSpan(tile * Start, 2 * Start);
            start[..Start].CopyTo(start[Start..]);
            for (var list = 0; list < _lists; list++)
            {
                ColumnCounts.Count(_places, _tiles, tile, (0, _places.View.GroupChannels), TapsOf(list), counts);
                for (var kind = 0; kind < counts.Length; kind++)
                {
                    var calls = (counts[kind] + SizeOf(kind).Columns - 1) / SizeOf(kind).Columns;
                    // Some records have several calls, none has fewer than one.
                    start[Start] += calls;
                    start[Start + 1] = checked(start[Start + 1] + (calls * SizeOf(kind).Positions));
                    start[Start + 2] = checked(start[Start + 2] + (calls * SizeOf(kind).Sums));
                }
            }
        }
        PackedWeights.Grow(_records, _starts[Tiles * Start]);
        PackedWeights.Grow(_index, _starts[(Tiles * Start) + 1]);
        PackedWeights.Grow(_source, Sums);
    }

    /// <summary>Writes a member's share of the calls.</summary>
    public void Arrange(int member, int members)
    {
        var end = (int)((long)Tiles * (member + 1) / members);
        for (var tile = (int)((long)Tiles * member / members); tile < end; tile++)
            Arrange(tile);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        _index.Dispose();
        _rows.Dispose();
        _records.Dispose();
        _source.Dispose();
    }

    private void Arrange(int tile)
    {
        var rows = _tiles.Rows(tile);
        for (var kind = 0; kind < ColumnLists.Kinds; kind++)
        {
            for (var row = 0; row < ConvolutionTiles.Rows; row++)
                Rows[FirstRow(tile, kind) + row] = rows[Math.Min(GradientCallWriter.RowOf(kind, row), rows.Length - 1)];
        }
        var start = _starts.AsSpan(tile * Start, Start);
        var writer = new GradientCallWriter(
            _places.View, rows, _blockChannels, FirstRow(tile, 0), Index, Source, start, _starts[(tile + 1) * Start] - start[0]);
        var lists = ColumnLists.OfThread(_places.View.GroupChannels * _places.Taps.Length);
        for (var list = 0; list < _lists; list++)
        {
            lists.Read(_places, tile / _tiles.TilesPerGroup, rows, (0, _places.View.GroupChannels), TapsOf(list));
            lists.Sort(_tiles.Format);
            writer.Write(lists, _tiles.Format, list);
        }
        writer.SortRecords(_records.Pointer, _firstRecords.AsSpan(tile * (Blocks + 1), Blocks + 1));
    }

    private int FirstRow(int tile, int kind) => ((tile * ColumnLists.Kinds) + kind) * ConvolutionTiles.Rows;

    private (int First, int End) TapsOf(int list) => _lists == 1 ? (0, _places.Taps.Length) : (list, list + 1);

    private (int Columns, int Positions, int Sums) SizeOf(int kind) => GradientCallWriter.SizeOf(kind, _tiles.Format);
}
