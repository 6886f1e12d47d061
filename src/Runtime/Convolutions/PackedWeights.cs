using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// The weights of a phase in the order in which kernels read them: blocks of channels whose lines stay in the first-level cache, tiles of
/// four rows, and where pixels differ in the taps they need a segment for each tap.
/// </summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    private readonly ColumnPlaces _places;
    private readonly PinnedBuffer<int> _segments = new(0);
    private readonly PinnedBuffer<int> _index = new(0);
    private readonly PinnedBuffer<int> _source = new(0);
    private readonly PinnedBuffer<float> _values = new(0);
    private readonly PinnedBuffer<int> _rows;
    private readonly int _taps;
    private readonly int _cuts;
    private bool[] _isArranged = [];
    private int _blockChannels;
    private int _weights;

    /// <param name="places">The columns.</param>
    /// <param name="cutsTaps">Whether there is a segment for each tap.</param>
    public PackedWeights(ColumnPlaces places, bool cutsTaps)
    {
        _places = places;
        _taps = places.Taps.Length;
        _cuts = cutsTaps ? _taps : 1;
        Tiles = new RowTiles(places.View, places.Taps);
        _rows = new PinnedBuffer<int>((long)Tiles.Count * ConvolutionTiles.Rows);
    }

    /// <summary>How weights are packed.</summary>
    public ConvolutionFormat Format => Tiles.Format;

    /// <summary>Rows of tiles.</summary>
    public RowTiles Tiles { get; }

    /// <summary>Blocks of channels.</summary>
    public int Blocks { get; private set; }

    public int* Index => _index.Pointer;

    public float* Values => _values.Pointer;

    /// <summary>Parts that a member packs at once: a block of channels of a tile of rows.</summary>
    private int Units => Blocks * Tiles.Count;

    /// <summary>The rows of a tile; where there are fewer than four the last one is repeated.</summary>
    public int* Rows(int tile) => _rows.Pointer + ((nint)tile * ConvolutionTiles.Rows);

    /// <summary>The segments of a tile of rows in a block, one for each tap or one for all.</summary>
    public int* Segments(int block, int tile) => Segments((block * Tiles.Count) + tile);

    /// <summary>Follows the mask: chooses format and tiles and makes room. Members then arrange what they take.</summary>
    /// <param name="blockChannels">Channels of a block, a multiple of 4.</param>
    public void Update(int blockChannels)
    {
        Tiles.Update();
        _blockChannels = blockChannels;
        Blocks = (_places.View.GroupChannels + blockChannels - 1) / blockChannels;
        for (var row = 0; row < _rows.Length; row++)
        {
            var rows = Tiles.Rows(row / ConvolutionTiles.Rows);
            _rows.Pointer[row] = rows[Math.Min(row % ConvolutionTiles.Rows, rows.Length - 1)];
        }
        if (_isArranged.Length < Units)
            _isArranged = new bool[Units];
        Array.Clear(_isArranged);
        Grow(_segments, (long)Units * _cuts * ConvolutionTiles.Segment);
        Span<int> counts = stackalloc int[ColumnLists.Kinds];
        var index = 0;
        _weights = 0;
        for (var unit = 0; unit < Units; unit++)
        {
            for (var cut = 0; cut < _cuts; cut++)
            {
                ColumnCounts.Count(_places, Tiles, unit % Tiles.Count, ChannelsOf(unit), TapsOf(cut), counts);
                var segment = Segments(unit) + (cut * ConvolutionTiles.Segment);
                segment[0] = OwnsIndex(unit) ? index : Segments(FirstOfGroup(unit))[cut * ConvolutionTiles.Segment];
                segment[1] = _weights;
                var (positions, weights) = CountSegment(counts, new Span<int>(segment + 2, ConvolutionTiles.Segment - 2));
                index = checked(index + (OwnsIndex(unit) ? positions : 0));
                _weights = checked(_weights + weights);
            }
        }
        Grow(_index, index);
        Grow(_source, _weights);
        Grow(_values, _weights);
    }

    /// <summary>Takes a share of the weights from the parameter.</summary>
    public void Take(ReadOnlySpan<float> parameter, int member, int members)
    {
        var (unit, end) = (UnitOf((long)_weights * member / members), UnitOf((long)_weights * (member + 1) / members));
        var (first, last) = (FirstWeight(unit), FirstWeight(end));
        for (; unit < end; unit++)
        {
            if (_isArranged[unit])
                continue;
            Arrange(unit);
            _isArranged[unit] = true;
        }
        var source = _source.Pointer;
        var values = _values.Pointer;
        fixed (float* weights = parameter)
        {
            for (nint i = first; i < last; i++)
                values[i] = source[i] < 0 ? 0 : weights[source[i]];
        }
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        _segments.Dispose();
        _index.Dispose();
        _source.Dispose();
        _values.Dispose();
        _rows.Dispose();
    }

    /// <summary>Makes room; a bit more where another mask needed less.</summary>
    internal static void Grow<T>(PinnedBuffer<T> buffer, long length)
        where T : unmanaged
    {
        if (length > buffer.Length)
            buffer.Resize(buffer.Length == 0 ? length : length + (length / 8));
    }

    private int* Segments(int unit) => _segments.Pointer + ((nint)unit * _cuts * ConvolutionTiles.Segment);

    private int FirstWeight(int unit) => unit < Units ? Segments(unit)[1] : _weights;

    /// <summary>The first unit whose weights begin at a number or behind it.</summary>
    private int UnitOf(long weight)
    {
        if (weight == _weights)
            return Units;
        var (low, high) = (0, Units);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (FirstWeight(middle) < weight)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The first tile of the same group in the same block: positions of dense weights are the same for all its rows.</summary>
    private int FirstOfGroup(int unit) => unit - (unit % Tiles.Count % Tiles.TilesPerGroup);

    private bool OwnsIndex(int unit) => !_places.View.IsDense || FirstOfGroup(unit) == unit;

    private (int First, int End) ChannelsOf(int unit)
    {
        var first = unit / Tiles.Count * _blockChannels;
        return (first, Math.Min(_places.View.GroupChannels, first + _blockChannels));
    }

    private (int First, int End) TapsOf(int cut) => _cuts == 1 ? (0, _taps) : (cut, cut + 1);

    /// <summary>Fills in the quads of the lists of a segment.</summary>
    /// <returns>Positions and weights.</returns>
    private (int Positions, int Weights) CountSegment(ReadOnlySpan<int> counts, Span<int> quads)
    {
        quads.Clear();
        if (Format is ConvolutionFormat.Columns or ConvolutionFormat.OneChannel)
        {
            quads[0] = counts[0];
            return (counts[0], Format == ConvolutionFormat.Columns ? ConvolutionTiles.Rows * counts[0] : counts[0]);
        }
        var singles = 0;
        foreach (var row in counts[(1 + BucketKernel.PairLists)..])
            singles = Math.Max(singles, row);
        if (Format == ConvolutionFormat.Singles)
        {
            quads[0] = singles;
            return (4 * singles, 4 * singles);
        }
        var pairs = 0;
        for (var list = 0; list < BucketKernel.PairLists; list++)
        {
            quads[list] = counts[1 + list];
            pairs += counts[1 + list];
        }
        quads[BucketKernel.PairLists] = singles;
        return ((2 * pairs) + (4 * singles), 4 * (pairs + singles));
    }

    /// <summary>Writes positions and sources of a unit.</summary>
    private void Arrange(int unit)
    {
        var (tile, channels) = (unit % Tiles.Count, ChannelsOf(unit));
        var rows = Tiles.Rows(tile);
        var lists = ColumnLists.OfThread((channels.End - channels.First) * _taps);
        for (var cut = 0; cut < _cuts; cut++)
        {
            lists.Read(_places, tile / Tiles.TilesPerGroup, rows, channels, TapsOf(cut));
            lists.Sort(Format);
            var segment = Segments(unit) + (cut * ConvolutionTiles.Segment);
            var writer = new SegmentWriter(_places.View, rows, _index.Pointer + segment[0], _source.Pointer + segment[1]);
            writer.Write(lists, Format, OwnsIndex(unit));
        }
    }
}
