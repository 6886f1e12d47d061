using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>Picks the kernel class of a layer.</summary>
internal static class KernelPlanner
{
    /// <summary>Rows of the weights that a bucket kernel works on together.</summary>
    private const int BlockRows = 4;

    private static readonly KernelPlan _dense = new("DenseKernel", KernelKind.Dense, EquatableArray<int>.Empty);

    public static KernelPlan Plan(NMSpec? sparsity)
    {
        if (sparsity is null)
            return _dense;

        var (keep, group) = (sparsity.Keep, sparsity.Group);
        var name = $"NM{keep}of{group}{(sparsity.Transposable ? "T" : "")}";
        return sparsity.Transposable && (keep, group) is (2, 4) or (1, 2)
            ? new(name, KernelKind.Paired, EquatableArray<int>.Empty)
            : new(name, KernelKind.RowSets, RowSets(sparsity));
    }

    /// <summary>
    /// The sets of rows that can keep a column in a block of four rows. A transposable tile of a multiple of four rows keeps N weights of each
    /// column: at most N of them lie in the block, and at least those that the tile's other rows cannot hold. Otherwise any set can occur.
    /// </summary>
    private static EquatableArray<int> RowSets(NMSpec sparsity)
    {
        var aligned = sparsity.Transposable && sparsity.Group % BlockRows == 0;
        var fewest = aligned ? Math.Max(1, sparsity.Keep - (sparsity.Group - BlockRows)) : 1;
        var most = aligned ? Math.Min(BlockRows, sparsity.Keep) : BlockRows;
        return Enumerable.Range(1, (1 << BlockRows) - 1)
            .Where(set => Size(set) >= fewest && Size(set) <= most)
            .OrderBy(Size)
            .ThenBy(set => set)
            .ToEquatableArray();
    }

    private static int Size(int set)
    {
        var size = 0;
        for (; set != 0; set &= set - 1)
            size++;
        return size;
    }
}
