using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>Cuts the lists of columns of a tile into calls. Calls are filled up with columns that are there already.</summary>
internal unsafe ref struct GradientCallWriter
{
    [ThreadStatic]
    private static NativeBuffer<(int First, GradientStart End)>? t_blocks;

    private readonly SegmentWriter _weights;
    private readonly int _channels;
    private readonly int _blockChannels;
    private readonly int _rows;
    private readonly int* _index;
    private readonly int* _source;
    private readonly GradientRecord* _records;
    private readonly (int First, GradientStart End)* _blocks;

    /// <param name="view">The weights of a forward pass.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="blockChannels">Channels of a block.</param>
    /// <param name="firstRow">Where the rows of the first kind of calls stand.</param>
    /// <param name="index">Receives positions.</param>
    /// <param name="source">Receives places in the parameter.</param>
    /// <param name="records">Receives records.</param>
    /// <param name="blocks">Blocks of channels.</param>
    public GradientCallWriter(
        WeightView view, ReadOnlySpan<int> rows, int blockChannels, int firstRow, int* index, int* source, GradientRecord* records,
        int blocks)
    {
        _weights = new SegmentWriter(view, rows, null, null);
        (_channels, _blockChannels, _rows) = (view.GroupChannels, blockChannels, firstRow);
        _index = index;
        _source = source;
        _records = records;
        _blocks = Scratch.Reserve(ref t_blocks, blocks);
    }

    /// <summary>Says where the calls of a block go.</summary>
    public readonly void Begin(int block, GradientStart start) => _blocks[block] = (start.Record, start);

    /// <summary>Records of a block.</summary>
    public readonly int Records(int block) => _blocks[block].End.Record - _blocks[block].First;

    /// <summary>Writes the calls of some columns.</summary>
    /// <param name="lists">The columns.</param>
    /// <param name="format">The format.</param>
    /// <param name="list">The list of pixels.</param>
    public readonly void Write(ColumnLists lists, ConvolutionFormat format, int list)
    {
        for (var kind = 0; kind < ColumnLists.Kinds; kind++)
        {
            var columns = kind == 0 && format is not (ConvolutionFormat.Columns or ConvolutionFormat.OneChannel)
                ? []
                : lists.OfKind(kind);
            var kernel = GradientCall.KernelOf(kind, format);
            for (var first = 0; first < columns.Length; first += GradientCall.ColumnsOf(kernel))
            {
                var block = ColumnPlaces.Weight(columns[first]) % _channels / _blockChannels;
                var index = _index + _blocks[block].End.Position;
                var source = _source + _blocks[block].End.Sum;
                AddCall(kernel, kind, list, block);
                new Span<int>(source, GradientCall.SumsOf(kernel)).Fill(-1);
                var some = columns[first..];
                switch (kernel)
                {
                    case GradientKernel.Columns: WriteColumns(index, source, some, lists.RowSets[first..]); break;
                    case GradientKernel.Pairs: WritePairs(index, source, kind, some, lists.Side(kind - 1, 1)[first..]); break;
                    default: WriteSingles(index, source, GradientCall.RowOf(kind, 0), some); break;
                }
            }
        }
    }

    /// <summary>Adds a call to the last record of its block, if that is of the same kind.</summary>
    private readonly void AddCall(GradientKernel kernel, int kind, int list, int block)
    {
        var (first, (end, position, sum)) = _blocks[block];
        var record = new GradientRecord(kernel, list, _rows + (kind * ConvolutionTiles.Rows), position, sum, 1);
        if (end > first && _records[end - 1] is var last && (last.Kernel, last.List, last.Rows) == (kernel, list, record.Rows))
            _records[end - 1] = last with { Calls = last.Calls + 1 };
        else
            _records[end++] = record;
        _blocks[block].End = new(end, position + GradientCall.PositionsOf(kernel), sum + GradientCall.SumsOf(kernel));
    }

    private readonly void WriteColumns(int* index, int* source, ReadOnlySpan<long> columns, ReadOnlySpan<byte> sets)
    {
        for (var column = 0; column < ConvolutionTiles.Pixels; column++)
        {
            index[column] = ColumnPlaces.Line(columns[Math.Min(column, columns.Length - 1)]);
            for (var row = 0; row < ConvolutionTiles.Rows && column < columns.Length; row++)
            {
                if ((sets[column] >> row & 1) != 0)
                    source[ConvolutionGradientRun.Slot(row, column)] = _weights.Weight(row, columns[column]);
            }
        }
    }

    private readonly void WritePairs(int* index, int* source, int kind, ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        for (var pair = 0; pair < ConvolutionTiles.Pixels; pair++)
        {
            var (a, b) = (first[Math.Min(pair, first.Length - 1)], second[Math.Min(pair, first.Length - 1)]);
            index[2 * pair] = ColumnPlaces.Line(a);
            index[(2 * pair) + 1] = ColumnPlaces.Line(b);
            for (var row = 0; row < ConvolutionTiles.Rows && pair < first.Length; row++)
                source[ConvolutionGradientRun.Slot(row, pair)] = _weights.Weight(GradientCall.RowOf(kind, row), row < 2 ? a : b);
        }
    }

    private readonly void WriteSingles(int* index, int* source, int row, ReadOnlySpan<long> columns)
    {
        for (var column = 0; column < ConvolutionGradientRun.Singles; column++)
        {
            index[column] = ColumnPlaces.Line(columns[Math.Min(column, columns.Length - 1)]);
            if (column < columns.Length)
                source[column] = _weights.Weight(row, columns[column]);
        }
    }
}
