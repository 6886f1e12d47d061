using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>Which weights of a matrix learn, and how they lie in memory.</summary>
internal enum LearnedWeights
{
    /// <summary>All: there is no mask.</summary>
    Dense,

    /// <summary>Only kept weights, which are packed.</summary>
    Packed,

    /// <summary>All weights under a mask; products read a packed copy.</summary>
    Master,
}

/// <summary>Everything that is printed for a weight matrix. A dense matrix has the defaults, and modifiers change them.</summary>
/// <param name="Kernel">Of the forward product and the gradient of the input.</param>
/// <param name="GradWeightKernel">Of the weight gradient.</param>
/// <param name="SmallBatchKernel">Of predictions for a few samples; null where those run as larger batches do.</param>
/// <param name="Kept">Weights that products use; null where only the training decides that.</param>
internal sealed record MatrixPlan(KernelPlan Kernel, KernelPlan GradWeightKernel, KernelPlan? SmallBatchKernel, long? Kept)
{
    /// <summary>The structure of the zeros in the tables and comments of emitted code.</summary>
    public string Words { get; init; } = "dense";

    /// <summary>What follows the words: the precision.</summary>
    public string PrecisionWords { get; init; } = "";

    /// <summary>The sparsity pattern as an expression; not used where there is a <see cref="Mask"/>.</summary>
    public string Pattern { get; init; } = "null";

    /// <summary>The kept share as an expression: of blocks that are chosen by their weights, the one that is aimed at.</summary>
    public string Density { get; init; } = "1";

    /// <summary>Calls that tell the kernels how their operands are pruned.</summary>
    public string Operands { get; init; } = "";

    /// <summary>Further arguments of the layer's constructor.</summary>
    public string Arguments { get; init; } = "";

    public LearnedWeights Learned { get; init; }

    /// <summary>
    /// Whether a matrix with a mask needs the dense kernels too: for phases without its mask, or for the gradient that finds the next one.
    /// </summary>
    public bool UsesDense { get; init; }

    /// <summary>The mask that the compiler planned, or null.</summary>
    public BlockPlan? Mask { get; init; }

    /// <summary>All kernels that the matrix needs; some may be equal.</summary>
    public IEnumerable<KernelPlan> Kernels
    {
        get
        {
            yield return Kernel;
            yield return GradWeightKernel;
            if (UsesDense)
                yield return KernelPlanner.Dense;
            if (SmallBatchKernel is not null)
                yield return SmallBatchKernel;
        }
    }

    /// <summary>The plan of a matrix with its modifiers.</summary>
    /// <param name="matrix">A valid matrix.</param>
    /// <param name="cancellation">Ends the search for graphs.</param>
    public static MatrixPlan Of(MatrixSpec matrix, CancellationToken cancellation = default)
    {
        var plan = new MatrixPlan(KernelPlanner.Dense, KernelPlanner.Dense, KernelPlanner.StreamDense, matrix.Weights);
        foreach (var modifier in matrix.Modifiers)
            plan = modifier.Apply(plan, matrix, cancellation);
        return plan;
    }
}
