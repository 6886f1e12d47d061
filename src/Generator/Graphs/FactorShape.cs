namespace SparseSharp.Generator.Graphs;

/// <summary>What is asked of a factor: a matrix <c>[rows, columns]</c> of which <c>1 / 2^halvings</c> are ones.</summary>
/// <param name="Halvings">0 for a complete graph.</param>
internal readonly record struct FactorShape(int Rows, int Columns, int Halvings)
{
    public int Fold => 1 << Halvings;

    /// <summary>Neighbours of a column.</summary>
    public int ColumnDegree => Rows >> Halvings;

    /// <summary>Neighbours of a row.</summary>
    public int RowDegree => Columns >> Halvings;

    /// <summary>Entries of its lists; a complete graph has none.</summary>
    public int Edges => Halvings == 0 ? 0 : Rows * RowDegree;

    /// <summary>Whether a side has the least degree there is, which makes the widest gap small.</summary>
    public bool IsThin => Halvings > 0 && Math.Min(RowDegree, ColumnDegree) < 3;

    /// <summary>An upper bound of the square of the second singular value over the largest one, for a lift along a field.</summary>
    public Fraction Gap => Halvings == 0 ? new(0, 1) : new(FieldOrder, ColumnDegree * RowDegree);

    /// <summary>Of all singular values but the largest.</summary>
    public double Bound => RamanujanTest.Bound(RowDegree, ColumnDegree);

    private int FieldOrder => GaloisField.OrderFor(Math.Max(Math.Max(ColumnDegree, RowDegree), Fold));

    /// <summary>Whether there may be a graph of this shape.</summary>
    public bool IsPossible =>
        Halvings == 0 || (IsDivisible && RamanujanTest.HasMeaning(RowDegree, ColumnDegree) && FieldOrder <= GaloisField.LargestOrder);

    /// <summary>Why no graph can have this shape; empty where one may.</summary>
    public string Fault =>
        IsPossible ? ""
        : !IsDivisible ? $"both sides must be multiples of {Fold}"
        : FieldOrder > GaloisField.LargestOrder ? $"neither its degrees nor {Fold} may exceed {GaloisField.LargestOrder}"
        : $"its rows have degree {RowDegree} and its columns {ColumnDegree}, but both need 2 and one of them 3";

    private bool IsDivisible => Rows % Fold == 0 && Columns % Fold == 0;

    /// <summary>For example <c>16x16/4</c>, or <c>K 8x7</c> for a complete graph.</summary>
    public override string ToString() => Halvings == 0 ? $"K {Rows}x{Columns}" : $"{Rows}x{Columns}/{Fold}";
}

/// <summary>A number that is compared exactly.</summary>
internal readonly record struct Fraction(int Numerator, int Denominator) : IComparable<Fraction>
{
    public int CompareTo(Fraction other) => ((long)Numerator * other.Denominator).CompareTo((long)other.Numerator * Denominator);
}
