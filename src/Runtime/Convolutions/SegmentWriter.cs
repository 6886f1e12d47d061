using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>Writes the lists of a segment as kernels read them: positions of columns, and places of weights in the parameter.</summary>
internal unsafe ref struct SegmentWriter
{
    private readonly ReadOnlySpan<int> _positions;
    private readonly bool _hasPositions;
    private fixed int _firstWeights[ConvolutionTiles.Rows];
    private int* _index;
    private int* _source;

    /// <param name="view">The weights.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="index">Receives positions.</param>
    /// <param name="source">Receives places in the parameter, -1 for padding.</param>
    public SegmentWriter(WeightView view, ReadOnlySpan<int> rows, int* index, int* source)
    {
        _positions = view.Positions;
        _hasPositions = view.Positions is not null;
        _index = index;
        _source = source;
        for (var row = 0; row < rows.Length; row++)
            _firstWeights[row] = view.FirstWeight(rows[row]);
    }

    /// <summary>Writes a segment.</summary>
    /// <param name="lists">Its columns.</param>
    /// <param name="format">The format.</param>
    /// <param name="ownsIndex">Whether the positions are not written already.</param>
    public void Write(ColumnLists lists, ConvolutionFormat format, bool ownsIndex)
    {
        switch (format)
        {
            case ConvolutionFormat.Columns:
                WriteColumns(lists, ownsIndex);
                break;
            case ConvolutionFormat.OneChannel:
                foreach (var column in lists.Columns)
                {
                    *_index++ = ColumnPlaces.Line(column);
                    *_source++ = Weight(0, column);
                }
                break;
            default:
                for (var list = 0; list < BucketKernel.PairLists && format != ConvolutionFormat.Singles; list++)
                    WritePairs(lists.Side(list, 0), lists.Side(list, 1), BucketKernel.PairRows.Slice(4 * list, 4));
                if (format != ConvolutionFormat.Pairs)
                    WriteSingles(lists);
                break;
        }
    }

    /// <summary>Where a weight lies in the parameter.</summary>
    public readonly int Weight(int row, long column)
    {
        var weight = _firstWeights[row] + ColumnPlaces.Weight(column);
        return _hasPositions ? _positions[weight] : weight;
    }

    private void WriteColumns(ColumnLists lists, bool ownsIndex)
    {
        var columns = lists.Columns;
        var sets = lists.RowSets;
        for (var i = 0; i < columns.Length; i++)
        {
            if (ownsIndex)
                *_index++ = ColumnPlaces.Line(columns[i]);
            for (var row = 0; row < ConvolutionTiles.Rows; row++)
                *_source++ = (sets[i] >> row & 1) != 0 ? Weight(row, columns[i]) : -1;
        }
    }

    private void WritePairs(ReadOnlySpan<long> first, ReadOnlySpan<long> second, ReadOnlySpan<byte> rows)
    {
        for (var pair = 0; pair < first.Length; pair++)
        {
            *_index++ = ColumnPlaces.Line(first[pair]);
            *_index++ = ColumnPlaces.Line(second[pair]);
            *_source++ = Weight(rows[0], first[pair]);
            *_source++ = Weight(rows[1], first[pair]);
            *_source++ = Weight(rows[2], second[pair]);
            *_source++ = Weight(rows[3], second[pair]);
        }
    }

    /// <summary>As many quads as the fullest row needs; others read its columns with weights of 0.</summary>
    private void WriteSingles(ColumnLists lists)
    {
        var fullest = lists.Singles(0);
        for (var row = 1; row < ConvolutionTiles.Rows; row++)
            fullest = lists.Singles(row).Length > fullest.Length ? lists.Singles(row) : fullest;
        for (var row = 0; row < ConvolutionTiles.Rows; row++)
        {
            var singles = lists.Singles(row);
            for (var quad = 0; quad < fullest.Length; quad++)
            {
                var isPadding = quad >= singles.Length;
                _index[(4 * quad) + row] = ColumnPlaces.Line(isPadding ? fullest[quad] : singles[quad]);
                _source[(4 * quad) + row] = isPadding ? -1 : Weight(row, singles[quad]);
            }
        }
        _index += 4 * fullest.Length;
        _source += 4 * fullest.Length;
    }
}
