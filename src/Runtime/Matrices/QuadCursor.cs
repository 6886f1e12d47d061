namespace SparseSharp.Matrices;

/// <summary>The way through one segment of packed quads: lists of pairs first, then the singles.</summary>
internal unsafe ref struct QuadCursor
{
    private readonly ushort* _kept;
    private readonly int _pairs;

    public QuadCursor(BucketWeights weights, int depthBlock, int block)
    {
        _kept = weights.Kept + weights.KeptOffset(depthBlock, block);
        Rows = weights.RowsOf(depthBlock, block);
        Index = weights.Index + weights.IndexOffset(depthBlock, block);
        Counts = weights.Counts + weights.CountOffset(depthBlock, block);
        PairLists = weights.Lists - 1;
        for (var list = 0; list < PairLists; list++)
            _pairs += Counts[list];
        Singles = Counts[PairLists];
    }

    /// <summary>The rows of the block.</summary>
    public readonly int* Rows;

    /// <summary>Positions of the next quad.</summary>
    public ushort* Index;

    /// <summary>Quads per list.</summary>
    public readonly ushort* Counts;

    /// <summary>Lists of pairs; the one behind them holds singles.</summary>
    public readonly int PairLists;

    /// <summary>Quads of the last list.</summary>
    public readonly int Singles;

    /// <summary>Quads of the singles, from the first on, in which every row has a weight.</summary>
    public readonly int WholeSingles => Math.Max(0, Math.Min(Math.Min(_kept[0], _kept[1]), Math.Min(_kept[2], _kept[3])) - _pairs);

    /// <summary>Whether a row has a weight in a quad of the singles, or padding.</summary>
    public readonly bool Holds(int quad, int row) => _pairs + quad < _kept[row];
}
