using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// The weights of a phase in the order in which kernels read them: blocks of channels whose lines stay in the first-level cache, tiles of
/// four rows, and where pixels differ in the taps they need a segment for each tap.
/// </summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    private readonly PinnedBuffer<int> _segments;
    private readonly PinnedBuffer<int> _index;
    private readonly PinnedBuffer<int> _source;
    private readonly PinnedBuffer<float> _values;
    private readonly PinnedBuffer<int> _rows;
    private readonly int _taps;

    /// <param name="view">The weights.</param>
    /// <param name="format">How to pack them.</param>
    /// <param name="phase">The taps.</param>
    /// <param name="input">Layout of what is read.</param>
    /// <param name="cutsTaps">Whether there is a segment for each tap.</param>
    /// <param name="blockChannels">Channels of a block, a multiple of 4.</param>
    public PackedWeights(WeightView view, ConvolutionFormat format, TapPhase phase, ImageLayout input, bool cutsTaps, int blockChannels)
    {
        Format = format;
        Tiles = view.TilesOf(format, phase.Taps);
        Blocks = (view.GroupChannels + blockChannels - 1) / blockChannels;
        _taps = cutsTaps ? phase.Taps.Length : 1;
        _rows = new PinnedBuffer<int>((long)Tiles.Length * ConvolutionTiles.Rows);
        for (var row = 0; row < _rows.Length; row++)
        {
            var rows = Tiles[row / ConvolutionTiles.Rows].Rows;
            _rows.Pointer[row] = rows[Math.Min(row % ConvolutionTiles.Rows, rows.Length - 1)];
        }

        var packer = new SegmentPacker(view, format, phase, input);
        for (var block = 0; block < Blocks; block++)
        {
            var (first, end) = (block * blockChannels, Math.Min(view.GroupChannels, (block + 1) * blockChannels));
            foreach (var tile in Tiles)
            {
                for (var tap = 0; tap < _taps; tap++)
                {
                    var columns = cutsTaps ? ReadColumn.OfTap(first, end, tap) : ReadColumn.OfAll(first, end, phase.Taps.Length);
                    packer.Add(tile, columns, (block * _taps) + tap);
                }
            }
        }
        _segments = ColumnPlaces.Table(packer.Segments);
        _index = ColumnPlaces.Table(packer.Index);
        _source = ColumnPlaces.Table(packer.Source);
        _values = new PinnedBuffer<float>(_source.Length);
    }

    public ConvolutionFormat Format { get; }

    /// <summary>Rows of tiles.</summary>
    public RowTile[] Tiles { get; }

    /// <summary>Blocks of channels.</summary>
    public int Blocks { get; }

    public int* Index => _index.Pointer;

    public float* Values => _values.Pointer;

    /// <summary>The rows of a tile; where there are fewer than four the last one is repeated.</summary>
    public int* Rows(int tile) => _rows.Pointer + ((nint)tile * ConvolutionTiles.Rows);

    /// <summary>The segments of a tile of rows in a block, one for each tap or one for all.</summary>
    public int* Segments(int block, int tile) =>
        _segments.Pointer + ((((nint)block * Tiles.Length) + tile) * _taps * ConvolutionTiles.Segment);

    /// <summary>Takes a share of the weights from the parameter.</summary>
    public void Take(ReadOnlySpan<float> parameter, int member, int members)
    {
        var (first, end) = ((int)(_source.Length * member / members), (int)(_source.Length * (member + 1) / members));
        var source = _source.Span;
        var values = _values.Span;
        for (var i = first; i < end; i++)
            values[i] = source[i] < 0 ? 0 : parameter[source[i]];
    }

    public void Dispose()
    {
        _segments.Dispose();
        _index.Dispose();
        _source.Dispose();
        _values.Dispose();
        _rows.Dispose();
    }
}

/// <summary>Writes segments, one after the other.</summary>
internal sealed class SegmentPacker(WeightView view, ConvolutionFormat format, TapPhase phase, ImageLayout input)
{
    private readonly ColumnPlaces _places = new(view, phase, input);
    private readonly Dictionary<(int Group, int Part), int> _shared = [];

    public List<int> Segments { get; } = [];

    /// <summary>Positions of columns in the input.</summary>
    public List<int> Index { get; } = [];

    /// <summary>Where each packed weight lies in the parameter; -1 for padding.</summary>
    public List<int> Source { get; } = [];

    /// <summary>Adds a segment.</summary>
    /// <param name="tile">Its rows.</param>
    /// <param name="columns">Its columns, in order.</param>
    /// <param name="part">A number of these columns: the positions of dense weights are the same for all rows.</param>
    public void Add(RowTile tile, IEnumerable<ReadColumn> columns, int part)
    {
        var lists = new ColumnLists(ColumnLists.Kept(view, tile, columns, phase.Taps), format);
        Span<int> counts = stackalloc int[ConvolutionTiles.Segment - 2];
        counts.Clear();
        var index = Index.Count;
        var isShared = view.IsDense && !_shared.TryAdd((tile.Group, part), index);
        if (isShared)
            index = _shared[(tile.Group, part)];
        Segments.Add(index);
        Segments.Add(Source.Count);
        if (format is ConvolutionFormat.Columns or ConvolutionFormat.OneChannel)
        {
            var rows = format == ConvolutionFormat.Columns ? ConvolutionTiles.Rows : 1;
            counts[0] = lists.Shared.Length;
            foreach (var column in lists.Shared)
            {
                if (!isShared)
                    Index.Add(_places.Position(tile, column));
                for (var row = 0; row < rows; row++)
                    Source.Add(_places.Source(tile, row, column));
            }
        }
        if (format is ConvolutionFormat.Pairs or ConvolutionFormat.PairsAndSingles)
        {
            for (var list = 0; list < BucketKernel.PairLists; list++)
            {
                counts[list] = lists.Pairs[list].Length;
                foreach (var pair in lists.Pairs[list])
                    AddPair(tile, list, pair.First, pair.Second);
            }
        }
        if (format is ConvolutionFormat.Singles or ConvolutionFormat.PairsAndSingles)
            counts[format == ConvolutionFormat.Singles ? 0 : BucketKernel.PairLists] = AddSingles(tile, lists.Singles);
        Segments.AddRange(counts);
    }

    private void AddPair(RowTile tile, int list, ReadColumn first, ReadColumn second)
    {
        Index.Add(_places.Position(tile, first));
        Index.Add(_places.Position(tile, second));
        for (var weight = 0; weight < 4; weight++)
            Source.Add(_places.Source(tile, BucketKernel.PairRows[(4 * list) + weight], weight < 2 ? first : second));
    }

    /// <summary>As many quads as the fullest row needs.</summary>
    private int AddSingles(RowTile tile, IReadOnlyList<ReadColumn>[] singles)
    {
        var quads = singles.Max(row => row.Count);
        for (var quad = 0; quad < quads; quad++)
        {
            for (var row = 0; row < singles.Length; row++)
            {
                var isPadding = quad >= singles[row].Count;
                var column = isPadding ? singles.First(other => other.Count == quads)[quad] : singles[row][quad];
                Index.Add(_places.Position(tile, column));
                Source.Add(isPadding ? -1 : _places.Source(tile, row, column));
            }
        }
        return quads;
    }
}
