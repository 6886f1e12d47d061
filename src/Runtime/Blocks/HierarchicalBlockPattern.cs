namespace SparseSharp;

/// <summary>
/// Large blocks that are kept or dropped as a whole, and small ones below them (hierarchical block sparse networks, Vooturi et al., 2018; both forms are
/// our reading of its goal). Training starts dense and drops blocks on a cubic schedule, large ones first; what is dropped does not come back.
/// </summary>
/// <param name="OuterRows">Rows of a large block; divides the output features.</param>
/// <param name="OuterColumns">Columns of a large block; divides the input features.</param>
/// <param name="InnerRows">Rows of a small block; divides <paramref name="OuterRows"/>.</param>
/// <param name="InnerColumns">Columns of a small block; divides <paramref name="OuterColumns"/>.</param>
/// <param name="Sparsity">Share of weights that is dropped in the end.</param>
/// <param name="Additive">Whether small blocks are kept beside the large ones instead of inside them.</param>
/// <param name="PruneFrom">Optimizer step of the first pruning, at least 1.</param>
/// <param name="PruneSteps">Optimizer steps from the first pruning to the last.</param>
/// <param name="PruneEvery">Optimizer steps between two prunings, at least 1.</param>
public sealed record HierarchicalBlockPattern(
    int OuterRows, int OuterColumns, int InnerRows, int InnerColumns, double Sparsity, bool Additive = false,
    int PruneFrom = 1, int PruneSteps = 1000, int PruneEvery = 50)
{
    /// <summary>Kept share in the end, before rounding to whole blocks.</summary>
    public double Density => 1 - Sparsity;

    /// <summary>For example <c>blocks 32x32 > 4x4 87.5 %</c>; the additive form has a plus in place of the angle.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"blocks {OuterRows}x{OuterColumns} {(Additive ? '+' : '>')} {InnerRows}x{InnerColumns} {100 * Sparsity:0.####} %");
}
