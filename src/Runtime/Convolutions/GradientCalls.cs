using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// What a weight gradient computes, unit by unit: a unit is a block of channels of a tile of rows, and one member's work. Lists of columns
/// go over all channels, so that only their last calls are filled up; a call belongs to the block of its first column.
/// </summary>
internal sealed unsafe class GradientCalls : IDisposable
{
    private readonly ColumnPlaces _places;
    private readonly RowTiles _tiles;
    private readonly PinnedBuffer<int> _index = new(0);
    private readonly PinnedBuffer<int> _rows;
    private readonly PinnedBuffer<GradientRecord> _records = new(0);
    private readonly PinnedBuffer<int> _source = new(0);
    private readonly GradientStart[] _starts;
    private readonly int[] _recordCounts;
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
        _starts = new GradientStart[(Blocks * Tiles) + 1];
        _recordCounts = new int[Blocks * Tiles];
        Update();
    }

    /// <summary>Blocks of channels.</summary>
    public int Blocks { get; }

    /// <summary>Tiles of rows.</summary>
    public int Tiles => _tiles.Count;

    /// <summary>Sums of all calls.</summary>
    public int Sums => _starts[^1].Sum;

    public int* Index => _index.Pointer;

    public int* Rows => _rows.Pointer;

    /// <summary>Where each sum belongs in the parameter, -1 for padding.</summary>
    public int* Source => _source.Pointer;

    /// <summary>The calls of a unit.</summary>
    public ReadOnlySpan<GradientRecord> Unit(int block, int tile)
    {
        var unit = (block * Tiles) + tile;
        return new(_records.Pointer + _starts[unit].Record, _recordCounts[unit]);
    }

    /// <summary>The first sum of a unit; of the number of units, the end.</summary>
    public int FirstSum(int unit) => _starts[unit].Sum;

    /// <summary>Follows the mask: chooses format and tiles and makes room. <see cref="Arrange(int, int)"/> comes next.</summary>
    public void Update()
    {
        _tiles.Update();
        var counter = new GradientCallCounter(_places, _tiles, _blockChannels, _lists);
        for (var tile = 0; tile < Tiles; tile++)
            counter.Count(tile, _starts);
        var next = default(GradientStart);
        for (var unit = 0; unit < _starts.Length; unit++)
        {
            var size = unit < _recordCounts.Length ? _starts[unit] : default;
            _starts[unit] = next;
            next = checked(new GradientStart(next.Record + size.Record, next.Position + size.Position, next.Sum + size.Sum));
        }
        PackedWeights.Grow(_records, _starts[^1].Record);
        PackedWeights.Grow(_index, _starts[^1].Position);
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
        var firstRow = tile * ColumnLists.Kinds * ConvolutionTiles.Rows;
        for (var row = 0; row < ColumnLists.Kinds * ConvolutionTiles.Rows; row++)
        {
            var number = GradientCall.RowOf(row / ConvolutionTiles.Rows, row % ConvolutionTiles.Rows);
            Rows[firstRow + row] = rows[Math.Min(number, rows.Length - 1)];
        }
        var writer = new GradientCallWriter(_places.View, rows, _blockChannels, firstRow, Index, Source, _records.Pointer, Blocks);
        for (var block = 0; block < Blocks; block++)
            writer.Begin(block, _starts[(block * Tiles) + tile]);
        var lists = ColumnLists.OfThread(_places.View.GroupChannels * _places.Taps.Length);
        for (var list = 0; list < _lists; list++)
        {
            lists.Read(
                _places, tile / _tiles.TilesPerGroup, rows, (0, _places.View.GroupChannels),
                _lists == 1 ? (0, _places.Taps.Length) : (list, list + 1));
            lists.Sort(_tiles.Format);
            writer.Write(lists, _tiles.Format, list);
        }
        for (var block = 0; block < Blocks; block++)
            _recordCounts[(block * Tiles) + tile] = writer.Records(block);
    }
}
