using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>Picks the kernel class of a layer.</summary>
internal static class KernelPlanner
{
    /// <summary>Rows of the weights that a bucket kernel works on together.</summary>
    private const int BlockRows = 4;

    private static readonly KernelPlan _lists = new("ListKernel", KernelKind.Lists, EquatableArray<int>.Empty);

    /// <summary>The kernel of all products of a layer without a mask; one with a mask whose weights all learn needs it for phases without.</summary>
    public static KernelPlan Dense { get; } = new("DenseKernel", KernelKind.Dense, EquatableArray<int>.Empty);

    /// <summary>The kernel of the forward product and of the gradient of the input.</summary>
    public static KernelPlan Plan(LayerSpec layer)
    {
        if (layer.Sparsity is not { } sparsity)
            return Dense;

        // Pairs live in tiles of 4 by 4: 1:2 on a shape that has none of them is sorted by row sets like any other mask.
        var (keep, group) = (sparsity.Keep, sparsity.Group);
        return sparsity.Transposable && (keep, group) is ((2, 4) or (1, 2)) && layer.Inputs % BlockRows == 0 && layer.Outputs % BlockRows == 0
            ? new($"NM{keep}of{group}T", KernelKind.Paired, EquatableArray<int>.Empty)
            : RowSets(sparsity);
    }

    /// <summary>The kernel of the weight gradient: at kept positions where only those learn; where all weights do, dense or over lists of samples.</summary>
    public static KernelPlan PlanGradWeight(LayerSpec layer) =>
        layer.Sparsity is { Policy: MaskPolicy.Static or MaskPolicy.Regrow } ? Plan(layer)
        : layer.Gradients is not null ? _lists
        : Dense;

    /// <summary>Whether a layer with a mask needs the dense kernels too: for phases without its mask, or for the gradient that finds the next one.</summary>
    public static bool UsesDense(LayerSpec layer) => layer.Sparsity is { Policy: not MaskPolicy.Static };

    /// <summary>
    /// The sets of rows that can keep a column in a block of four rows. A transposable tile of a multiple of four rows keeps N weights of each
    /// column: at most N of them lie in the block, and at least those that the tile's other rows cannot hold. Otherwise any set can occur.
    /// </summary>
    private static KernelPlan RowSets(NMSpec sparsity)
    {
        var aligned = sparsity.Transposable && sparsity.Group % BlockRows == 0;
        var fewest = aligned ? Math.Max(1, sparsity.Keep - (sparsity.Group - BlockRows)) : 1;
        var most = aligned ? Math.Min(BlockRows, sparsity.Keep) : BlockRows;
        var sets = Enumerable.Range(1, (1 << BlockRows) - 1)
            .Where(set => Size(set) >= fewest && Size(set) <= most)
            .OrderBy(Size)
            .ThenBy(set => set)
            .ToEquatableArray();

        // Named by its sets: patterns with the same ones share the class.
        var sizes = (fewest, most) == (1, BlockRows) ? "" : fewest == most ? $"Of{most}" : $"Of{fewest}To{most}";
        return new($"RowSetKernel{sizes}", KernelKind.RowSets, sets);
    }

    private static int Size(int set)
    {
        var size = 0;
        for (; set != 0; set &= set - 1)
            size++;
        return size;
    }
}
