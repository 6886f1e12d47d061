namespace SparseSharp.Generator.Planning;

/// <summary>How a weight matrix is stored and multiplied.</summary>
internal enum KernelKind
{
    /// <summary>Row-major weights, broadcast six rows at a time.</summary>
    Dense,

    /// <summary>Transposable 2:4: complementary column pairs.</summary>
    Paired,

    /// <summary>Any other mask: columns of a block of four rows, sorted by the set of rows that keep them.</summary>
    RowSets,

    /// <summary>The pruned gradient of an output, as a list of samples per output feature.</summary>
    Lists,
}

/// <summary>One emitted kernel class; layers with equal plans share it.</summary>
/// <param name="Name">Of the class, for example <c>NM2of4T</c>.</param>
/// <param name="RowSets">For <see cref="KernelKind.RowSets"/>: bit masks 1..15 of the sets that can occur, ordered by (size, bits).</param>
internal sealed record KernelPlan(string Name, KernelKind Kind, Specs.EquatableArray<int> RowSets);
