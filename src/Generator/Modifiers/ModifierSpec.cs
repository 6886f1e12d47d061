using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers;

/// <summary>What an attribute says of a weight matrix: plain values, no Roslyn type.</summary>
internal abstract record ModifierSpec
{
    /// <summary>Changes the plan of a matrix.</summary>
    /// <param name="plan">The plan so far: that of a dense matrix, changed by the modifiers before this one.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="cancellation">Ends the search for graphs.</param>
    public abstract MatrixPlan Apply(MatrixPlan plan, MatrixSpec matrix, CancellationToken cancellation);
}

/// <summary>A modifier that decides alone which weights exist.</summary>
internal abstract record FormatSpec : ModifierSpec
{
    /// <summary>Whether masked weights exist and learn; otherwise only the kept ones do, packed, and so is their gradient.</summary>
    public abstract bool KeepsMaskedWeights { get; }

    /// <summary>What decides on the masked weights, as users write it.</summary>
    /// <param name="attribute">The attribute that the format comes from, without brackets.</param>
    public abstract string Source(string attribute);

    /// <summary>
    /// The plan of a matrix in this format. How many weights are kept is not known, and small batches have no kernel of their own, unless
    /// the format says so.
    /// </summary>
    /// <param name="dense">The plan of a dense matrix.</param>
    /// <param name="words">The format in the tables and comments of emitted code, as the pattern says it at run time.</param>
    /// <param name="pattern">The pattern as an expression.</param>
    /// <param name="density">The kept share as an expression.</param>
    /// <param name="kernel">The kernel of its products.</param>
    protected MatrixPlan Plan(MatrixPlan dense, string words, string pattern, string density, KernelPlan kernel) => dense with
    {
        Words = words,
        Pattern = pattern,
        Density = density,
        Kept = null,
        Kernel = kernel,
        GradWeightKernel = KeepsMaskedWeights ? dense.GradWeightKernel : kernel,
        SmallBatchKernel = null,
        Learned = KeepsMaskedWeights ? LearnedWeights.Master : LearnedWeights.Packed,
    };
}
