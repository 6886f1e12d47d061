namespace SparseSharp.Generator.Operations;

/// <summary>
/// What an operation reads for a part of its result, where predictions with few samples cut images into parts, one for each lane of a
/// vector.
/// </summary>
/// <param name="StrideRows">Rows of the operand for a row of the result; 0 where no part of it follows from a part of the operand.</param>
/// <param name="StrideColumns">The same in columns.</param>
/// <param name="Border">Lines around a part of the operand that are read.</param>
internal readonly record struct PartWindow(int StrideRows, int StrideColumns, int Border)
{
    /// <summary>A pixel follows from the same pixel.</summary>
    public static PartWindow Pixel { get; } = new(1, 1, 0);

    /// <summary>Whether the operation can also read parts and give whole images.</summary>
    public bool Joins { get; init; }
}
