namespace SparseSharp;

/// <summary>
/// Blocks of one size, kept by magnitude: the blocks with the largest sums of squares. The choice is made when the layer gets its weights (its initial
/// ones, or those of a trained dense model) and stays; only the weights of kept blocks exist.
/// </summary>
/// <param name="Rows">Rows of a block; divides the output features.</param>
/// <param name="Columns">Columns of a block; divides the input features.</param>
/// <param name="Sparsity">Share of blocks that is dropped, between 0 and 1.</param>
/// <param name="Balanced">Whether every row of blocks keeps equally many; else the largest blocks of the whole matrix are kept.</param>
public sealed record UniformBlockPattern(int Rows, int Columns, double Sparsity, bool Balanced = true)
{
    /// <summary>Kept share, before rounding to whole blocks.</summary>
    public double Density => 1 - Sparsity;

    /// <summary>For example <c>blocks 4x4 75 %</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"blocks {Rows}x{Columns} {100 * Sparsity:0.####} %");
}
