namespace SparseSharp.Generator.Graphs;

/// <summary>One way to split a layer into factors; the better one comes first.</summary>
internal sealed record Candidate(FactorShape Outer, int RowRepeats, int ColumnRepeats, FactorShape Inner, int BlockRows, int BlockColumns)
    : IComparable<Candidate>
{
    private int Halvings => Outer.Halvings + Inner.Halvings;

    /// <summary>The first halving makes blocks fine; of the others the larger half skips whole tiles.</summary>
    private int PreferredOuterHalvings => Halvings - Math.Max(1, Halvings / 2);

    private Fraction Gap => Outer.Gap.CompareTo(Inner.Gap) > 0 ? Outer.Gap : Inner.Gap;

    /// <summary>
    /// By width of blocks, thin degrees, sharing out of the halvings, spectral gap, length of lists; then whatever tells two of them apart.
    /// </summary>
    public int CompareTo(Candidate other)
    {
        var order = other.BlockColumns.CompareTo(BlockColumns);
        if (order == 0)
            order = (Outer.IsThin || Inner.IsThin).CompareTo(other.Outer.IsThin || other.Inner.IsThin);
        if (order == 0)
            order =
                Math.Abs(Outer.Halvings - PreferredOuterHalvings).CompareTo(Math.Abs(other.Outer.Halvings - other.PreferredOuterHalvings));
        if (order == 0)
            order = Gap.CompareTo(other.Gap);
        if (order == 0)
            order = (Outer.Edges + Inner.Edges).CompareTo(other.Outer.Edges + other.Inner.Edges);
        if (order == 0)
            order = other.Outer.Halvings.CompareTo(Outer.Halvings);
        if (order == 0)
            order = other.Inner.Rows.CompareTo(Inner.Rows);
        return order == 0 ? other.Inner.Columns.CompareTo(Inner.Columns) : order;
    }
}
