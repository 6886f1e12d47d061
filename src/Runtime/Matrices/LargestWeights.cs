namespace SparseSharp.Matrices;

/// <summary>Writes masks of the largest weights: of equal ones the first.</summary>
internal sealed unsafe class LargestWeights
{
    private readonly LargestSelection _selection = new();
    private Magnitudes[] _magnitudes = [];

    /// <summary>Gives the layers of a budget the masks of their largest weights.</summary>
    /// <param name="stores">The layers.</param>
    /// <param name="share">Share of all their weights that is kept.</param>
    /// <param name="own">Weights of a single layer, <c>[out, in]</c>; null for the master weights of each.</param>
    public void Keep(IReadOnlyList<AnnealedMatrix> stores, double share, float* own)
    {
        if (_magnitudes.Length != stores.Count)
            _magnitudes = new Magnitudes[stores.Count];
        var all = 0L;
        for (var i = 0; i < stores.Count; i++)
        {
            _magnitudes[i] = new(own == null ? stores[i].Memory.Pointer : own, stores[i].Mask.Rows * stores[i].Mask.Columns);
            all += _magnitudes[i].Length;
        }
        var cut = _selection.Find<Magnitudes>(_magnitudes, Budget.Weights(share, all));
        for (var i = 0; i < stores.Count; i++)
            Write(stores[i].Mask, _magnitudes[i], ref cut);
    }

    /// <summary>Finds the weights that get a gradient: the kept ones, and of the others those closest to being kept.</summary>
    /// <param name="dense">Weights <c>[out, in]</c>.</param>
    /// <param name="thresholds">What a weight has to exceed to be kept, or null where the largest are.</param>
    /// <param name="count">How many.</param>
    /// <param name="reached">Receives them.</param>
    public void Reach(float* dense, LayerThresholds? thresholds, long count, Mask reached)
    {
        var all = reached.Rows * reached.Columns;
        if (thresholds is not null)
            Reach(new Excesses(dense, all, reached.Columns, thresholds.Values), count, reached);
        else
            Reach(new Magnitudes(dense, all), count, reached);
    }

    private void Reach<TRanked>(TRanked ranked, long count, Mask reached)
        where TRanked : struct, IRanked
    {
        var cut = _selection.Find<TRanked>([ranked], count);
        Write(reached, ranked, ref cut);
    }

    private static void Write<TRanked>(Mask mask, TRanked ranked, ref Cut cut)
        where TRanked : struct, IRanked
    {
        mask.Words.Clear();
        for (var row = 0; row < mask.Rows; row++)
        {
            var words = mask.Row(row);
            for (var column = 0; column < mask.Columns; column++)
            {
                if (cut.Takes(ranked[(row * mask.Columns) + column]))
                    words[column >> 6] |= 1UL << (column & 63);
            }
        }
    }
}
