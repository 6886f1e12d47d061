using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>Picks the kernel class of a layer.</summary>
internal static class KernelPlanner
{
    /// <summary>Rows of the weights that a bucket kernel works on together.</summary>
    private const int BlockRows = 4;

    /// <summary>
    /// The inverse of the density from which on columns are paired. Below it so few of them find a partner that the loops over them cost
    /// more than the loads that they save.
    /// </summary>
    private const int PairsFromOneIn = 3;

    private static readonly KernelPlan _pairs = new("PairKernel", KernelKind.Pairs);

    private static readonly KernelPlan _pairsAndSingles = new("PairAndSingleKernel", KernelKind.PairsAndSingles);

    private static readonly KernelPlan _singles = new("SingleKernel", KernelKind.Singles);

    private static readonly KernelPlan _blockStream = new("StreamBlockKernel", KernelKind.BlockStream);

    private static readonly KernelPlan _lists = new("ListKernel", KernelKind.Lists);

    /// <summary>The kernel of all products of a layer without a mask; one with a mask whose weights all learn needs it for phases without.</summary>
    public static KernelPlan Dense { get; } = new("DenseKernel", KernelKind.Dense);

    /// <summary>The kernel of the forward product and of the gradient of the input.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="mask">The mask of an RBGP4 layer.</param>
    public static KernelPlan Plan(LayerSpec layer, BlockPlan? mask = null) => layer.Sparsity switch
    {
        null => layer.Annealing is null ? Dense : _pairsAndSingles,
        NMSpec sparsity => PlanGroups(layer, sparsity),
        UniformSpec blocks => Blocks(blocks.Rows, blocks.Columns),
        HierarchicalSpec blocks => Blocks(blocks.Rows, blocks.Columns),
        LearnedSpec blocks => Blocks(blocks.Rows, blocks.Columns),
        _ => Blocks(mask!.SharedRows, mask.BlockColumns),
    };

    private static KernelPlan PlanGroups(LayerSpec layer, NMSpec sparsity)
    {
        // Pairs fill tiles of 4 by 4: 1:2 on a shape that has none of them is packed like any other mask.
        var (keep, group) = (sparsity.Keep, sparsity.Group);
        if (sparsity.Transposable && (keep, group) is ((2, 4) or (1, 2)) && layer.Inputs % BlockRows == 0 && layer.Outputs % BlockRows == 0)
            return _pairs;
        return keep * PairsFromOneIn >= group ? _pairsAndSingles : _singles;
    }

    /// <summary>The kernel of the weight gradient: at kept positions where only those learn, at last or always; where all weights do, dense or over lists of samples.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="mask">The mask of an RBGP4 layer.</param>
    public static KernelPlan PlanGradWeight(LayerSpec layer, BlockPlan? mask = null) =>
        layer.Sparsity is { KeepsMaskedWeights: false } ? Plan(layer, mask)
        : layer.Gradients is not null ? _lists
        : layer is { Annealing: not null, Activations: not { Along: PruneAlong.Batch } } ? Plan(layer, mask)
        : Dense;

    /// <summary>The kernel of predictions for a few samples; null where those run as larger batches do.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="mask">The mask of an RBGP4 layer.</param>
    public static KernelPlan? PlanSmallBatch(LayerSpec layer, BlockPlan? mask = null) => layer switch
    {
        { Annealing: not null } => null,
        { Sparsity: null } => Stream("Dense", 1, 1),
        { Sparsity: NMSpec { Keep: var keep, Group: 4 } } => Stream($"{keep}of4", keep, 4),
        { Sparsity: NMSpec { Keep: 1, Group: 2 } } => Stream("2of4", 2, 4),
        { Sparsity: NMSpec { Keep: <= 4 and var keep, Group: 8 } } => Stream($"{keep}of8", keep, 8),
        { Sparsity: BlockSpec } => Plan(layer, mask) is { Columns: BlockRows } blocks && blocks.Rows % BlockRows == 0 ? _blockStream : null,
        _ => null,
    };

    /// <summary>Whether a layer with a mask needs the dense kernels too: for phases without its mask, or for the gradient that finds the next one.</summary>
    public static bool UsesDense(LayerSpec layer) => layer.Sparsity is NMSpec { Policy: not MaskPolicy.Static } || layer.Annealing is not null;

    /// <summary>The kernel over blocks of weights.</summary>
    /// <param name="rows">Rows whose weights of a column lie together in the packed order.</param>
    /// <param name="columns">Consecutive columns that they share.</param>
    public static KernelPlan Blocks(int rows, int columns) =>
        new($"Block{rows}x{BlockDivisor(columns)}Kernel", KernelKind.Blocks, rows, BlockDivisor(columns));

    private static KernelPlan Stream(string weights, int keep, int group) => new($"Stream{weights}Kernel", KernelKind.Stream, Keep: keep, Group: group);

    /// <summary>The largest of 4, 2 and 1 that divides a number: what a kernel does at a time.</summary>
    public static int BlockDivisor(int number) => number % 4 == 0 ? 4 : number % 2 == 0 ? 2 : 1;
}
