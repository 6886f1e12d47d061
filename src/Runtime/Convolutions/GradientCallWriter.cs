using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>Cuts the lists of columns of a tile into calls. Calls are filled up with columns that are there already.</summary>
internal unsafe ref struct GradientCallWriter
{
    [ThreadStatic]
    private static NativeBuffer<GradientRecord>? t_records;

    [ThreadStatic]
    private static NativeBuffer<int>? t_blocks;

    private readonly SegmentWriter _weights;
    private readonly int _channels;
    private readonly int _blockChannels;
    private readonly int _rows;
    private readonly int* _index;
    private readonly int* _source;
    private readonly GradientRecord* _records;
    private readonly int* _blocks;
    private readonly int _firstRecord;
    private int _position;
    private int _sum;
    private int _count;

    /// <param name="view">The weights of a forward pass.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="blockChannels">Channels of a block.</param>
    /// <param name="firstRow">Where the rows of the first kind of calls stand.</param>
    /// <param name="index">Receives positions.</param>
    /// <param name="source">Receives places in the parameter.</param>
    /// <param name="start">Records, positions and sums before those of the tile.</param>
    /// <param name="records">Records at most.</param>
    public GradientCallWriter(
        WeightView view, ReadOnlySpan<int> rows, int blockChannels, int firstRow, int* index, int* source, ReadOnlySpan<int> start,
        int records)
    {
        _weights = new SegmentWriter(view, rows, null, null);
        (_channels, _blockChannels, _rows) = (view.GroupChannels, blockChannels, firstRow);
        _index = index;
        _source = source;
        (_firstRecord, _position, _sum) = (start[0], start[1], start[2]);
        _records = Scratch.Reserve(ref t_records, records);
        _blocks = Scratch.Reserve(ref t_blocks, records);
    }

    /// <summary>Columns or pairs of a call of a kind, its positions and its sums.</summary>
    /// <param name="kind">A list of columns, in the order of <see cref="ColumnLists.Kinds"/>.</param>
    /// <param name="format">The format.</param>
    public static (int Columns, int Positions, int Sums) SizeOf(int kind, ConvolutionFormat format)
    {
        var (pixels, singles) = (ConvolutionTiles.Pixels, ConvolutionGradientRun.Singles);
        return KernelOf(kind, format) switch
        {
            GradientKernel.Columns => (pixels, pixels, ConvolutionGradientRun.Sums),
            GradientKernel.Pairs => (pixels, 2 * pixels, ConvolutionGradientRun.Sums),
            _ => (singles, singles, singles),
        };
    }

    /// <summary>A row of a call of a kind, by its number in the tile.</summary>
    public static int RowOf(int kind, int row) => kind == 0 ? row
        : kind <= BucketKernel.PairLists ? BucketKernel.PairRows[(4 * (kind - 1)) + row]
        : kind - 1 - BucketKernel.PairLists;

    /// <summary>Writes the calls of some columns.</summary>
    /// <param name="lists">The columns.</param>
    /// <param name="format">The format.</param>
    /// <param name="list">The list of pixels.</param>
    public void Write(ColumnLists lists, ConvolutionFormat format, int list)
    {
        for (var kind = 0; kind < ColumnLists.Kinds; kind++)
        {
            var isPaired = kind > 0 && kind <= BucketKernel.PairLists;
            var columns = isPaired ? lists.Side(kind - 1, 0)
                : kind > 0 ? lists.Singles(RowOf(kind, 0))
                : format is ConvolutionFormat.Columns or ConvolutionFormat.OneChannel ? lists.Columns
                : [];
            var others = isPaired ? lists.Side(kind - 1, 1) : [];
            var (size, positions, sums) = SizeOf(kind, format);
            for (var first = 0; first < columns.Length; first += size)
            {
                AddCall(KernelOf(kind, format), kind, list, ColumnPlaces.Weight(columns[first]) % _channels / _blockChannels, first == 0);
                new Span<int>(_source + _sum, sums).Fill(-1);
                switch (KernelOf(kind, format))
                {
                    case GradientKernel.Columns: WriteColumns(columns[first..], lists.RowSets[first..]); break;
                    case GradientKernel.Pairs: WritePairs(kind, columns[first..], others[first..]); break;
                    default: WriteSingles(RowOf(kind, 0), columns[first..]); break;
                }
                _position += positions;
                _sum += sums;
            }
        }
    }

    /// <summary>Brings the records into the order of their blocks.</summary>
    /// <param name="records">Receives them.</param>
    /// <param name="firstOfBlocks">Receives the first record of each block, and the end.</param>
    public readonly void SortRecords(GradientRecord* records, Span<int> firstOfBlocks)
    {
        firstOfBlocks.Clear();
        for (var record = 0; record < _count; record++)
            firstOfBlocks[_blocks[record] + 1]++;
        firstOfBlocks[0] = _firstRecord;
        for (var block = 1; block < firstOfBlocks.Length; block++)
            firstOfBlocks[block] += firstOfBlocks[block - 1];
        for (var record = 0; record < _count; record++)
            records[firstOfBlocks[_blocks[record]]++] = _records[record];
        // Each block now begins where the next one does.
        for (var block = firstOfBlocks.Length - 1; block > 0; block--)
            firstOfBlocks[block] = firstOfBlocks[block - 1];
        firstOfBlocks[0] = _firstRecord;
    }

    private static GradientKernel KernelOf(int kind, ConvolutionFormat format) =>
        kind > BucketKernel.PairLists || format == ConvolutionFormat.OneChannel ? GradientKernel.Singles
        : kind > 0 ? GradientKernel.Pairs
        : GradientKernel.Columns;

    /// <summary>Adds a call to the record before it, if that is of the same kind and block.</summary>
    private void AddCall(GradientKernel kernel, int kind, int list, int block, bool isFirst)
    {
        if (!isFirst && _blocks[_count - 1] == block)
        {
            ref var last = ref _records[_count - 1];
            last = last with { Calls = last.Calls + 1 };
            return;
        }
        _records[_count] = new(kernel, list, _rows + (kind * ConvolutionTiles.Rows), _position, _sum, 1);
        _blocks[_count++] = block;
    }

    private readonly void WriteColumns(ReadOnlySpan<long> columns, ReadOnlySpan<byte> sets)
    {
        for (var column = 0; column < ConvolutionTiles.Pixels; column++)
        {
            _index[_position + column] = ColumnPlaces.Line(columns[Math.Min(column, columns.Length - 1)]);
            for (var row = 0; row < ConvolutionTiles.Rows && column < columns.Length; row++)
            {
                if ((sets[column] >> row & 1) != 0)
                    _source[_sum + ConvolutionGradientRun.Slot(row, column)] = _weights.Weight(row, columns[column]);
            }
        }
    }

    private readonly void WritePairs(int kind, ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        for (var pair = 0; pair < ConvolutionTiles.Pixels; pair++)
        {
            var (a, b) = (first[Math.Min(pair, first.Length - 1)], second[Math.Min(pair, first.Length - 1)]);
            _index[_position + (2 * pair)] = ColumnPlaces.Line(a);
            _index[_position + (2 * pair) + 1] = ColumnPlaces.Line(b);
            for (var row = 0; row < ConvolutionTiles.Rows && pair < first.Length; row++)
                _source[_sum + ConvolutionGradientRun.Slot(row, pair)] = _weights.Weight(RowOf(kind, row), row < 2 ? a : b);
        }
    }

    private readonly void WriteSingles(int row, ReadOnlySpan<long> columns)
    {
        for (var column = 0; column < ConvolutionGradientRun.Singles; column++)
        {
            _index[_position + column] = ColumnPlaces.Line(columns[Math.Min(column, columns.Length - 1)]);
            if (column < columns.Length)
                _source[_sum + column] = _weights.Weight(row, columns[column]);
        }
    }
}
