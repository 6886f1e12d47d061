namespace SparseSharp.Generator.Graphs;

/// <summary>
/// The mask of an RBGP4 layer (Vooturi et al., 2020): the Kronecker product of four graphs. The outer one says which tiles exist, the
/// repeats (a complete graph) let rows share a list of columns, the inner one is the pattern in every tile, and blocks (complete again) are
/// dense.
/// </summary>
/// <param name="Hash">Of the structure, by which a file knows whether it fits.</param>
internal sealed record BlockPlan(
    PlannedFactor Outer, int RowRepeats, int ColumnRepeats, PlannedFactor Inner, int BlockRows, int BlockColumns, ulong Hash)
{
    public int Rows => Outer.Graph.Rows * RowRepeats * Inner.Graph.Rows * BlockRows;

    public int Columns => Outer.Graph.Columns * ColumnRepeats * Inner.Graph.Columns * BlockColumns;

    /// <summary>Halvings of the number of weights.</summary>
    public int Halvings => Outer.Shape.Halvings + Inner.Shape.Halvings;

    /// <summary>Rows that share a list of columns.</summary>
    public int SharedRows => RowRepeats * BlockRows;

    /// <summary>Columns that follow each other in a list.</summary>
    public int SharedColumns => ColumnRepeats * BlockColumns;

    public int NonZerosPerRow => Outer.Graph.Degree * ColumnRepeats * Inner.Graph.Degree * BlockColumns;

    public long NonZeros => (long)Rows * NonZerosPerRow;

    /// <summary>The second largest singular value over the largest one, of the whole mask.</summary>
    public double Gap => Math.Max(Outer.Second / Outer.First, Inner.Second / Inner.First);

    /// <summary>Bytes of all lists of neighbours.</summary>
    public int IndexBytes => sizeof(ushort) * (Outer.Shape.Edges + Inner.Shape.Edges);

    /// <summary>Bytes of positions that compressed rows of single weights would need.</summary>
    public long RowIndexBytes => sizeof(int) * (NonZeros + Rows + 1);

    /// <summary>Bytes of positions that compressed rows of blocks of 4 by 4 would need.</summary>
    public long BlockIndexBytes => sizeof(int) * ((NonZeros / 16) + (Rows / 4) + 1);
}
