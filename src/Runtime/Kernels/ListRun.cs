namespace SparseSharp.Kernels;

/// <summary>
/// Consecutive rows that are lists of (position, value), times a strip: <c>Y[r, :] = Σ Values[r, n]·X[Index[r, n] / stride, :]</c>.
/// </summary>
internal ref struct ListRun
{
    /// <summary>The strip.</summary>
    public ref float X;

    /// <summary>Offsets of rows of the strip, in floats.</summary>
    public ref ushort Index;

    /// <summary>Values in the order of <see cref="Index"/>; the last ones of a row may be 0, so that there are whole fours.</summary>
    public ref float Values;

    /// <summary>Fours in each list.</summary>
    public ref int Fours;

    /// <summary>Distance between the lists of two rows in <see cref="Index"/> and <see cref="Values"/>.</summary>
    public nint ListStride;

    /// <summary>Distance between two rows in <see cref="Fours"/>.</summary>
    public nint FoursStride;

    /// <summary>Row 0 of the output.</summary>
    public ref float Y;

    /// <summary>Distance between rows of <see cref="Y"/>.</summary>
    public nint YStride;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Whether to add to what <see cref="Y"/> holds.</summary>
    public bool Add;
}
