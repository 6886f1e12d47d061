using SparseSharp.Patterns;

namespace SparseSharp;

/// <summary>
/// Blocks of one size, kept by magnitude: the blocks with the largest sums of squares. The choice is made when the layer gets its weights
/// (its initial ones, or those of a trained dense model) and stays; only the weights of kept blocks exist.
/// </summary>
/// <param name="Rows">Rows of a block; divides the output features.</param>
/// <param name="Columns">Columns of a block; divides the input features.</param>
/// <param name="Sparsity">Share of blocks that is dropped, between 0 and 1.</param>
/// <param name="Balanced">Whether every row of blocks keeps equally many; else the largest blocks of the whole matrix are kept.</param>
public sealed record UniformBlockPattern(int Rows, int Columns, double Sparsity, bool Balanced = true) : BlockPattern
{
    /// <summary>Kept share, before rounding to whole blocks.</summary>
    public override double Density => 1 - Sparsity;

    internal override (int Rows, int Columns) Block => (Rows, Columns);

    internal override string Identity => FormattableString.Invariant($"{this}, {(Balanced ? "balanced" : "global")}");

    /// <summary>For example <c>blocks 4x4 75 %</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"blocks {Rows}x{Columns} {100 * Sparsity:0.####} %");

    internal override Mask Choose(ReadOnlySpan<float> weight, int outputs, int inputs)
    {
        var scores = BlockChoice.Scores(weight, outputs, inputs, Rows, Columns);
        return BlockChoice.Best(scores, Kept(scores.GetLength(0), scores.GetLength(1)), Balanced);
    }

    internal override string? CountFault(Mask blocks)
    {
        var count = Kept(blocks.Rows, blocks.Columns);
        if (!Balanced)
            return blocks.Count == count ? null : $"it keeps {blocks.Count} blocks and not {count}";
        for (var row = 0; row < blocks.Rows; row++)
        {
            var kept = Enumerable.Range(0, blocks.Columns).Count(column => blocks[row, column]);
            if (kept != count)
                return $"rows {row * Rows} to {((row + 1) * Rows) - 1} keep {kept} blocks and not {count}";
        }
        return null;
    }

    internal override double FanIn(int inputs) => Math.Max(1, inputs * Density);

    /// <summary>Blocks that are kept: of each row of blocks, or of all.</summary>
    private int Kept(int rows, int columns) => BlockChoice.Count(Density, Balanced ? columns : rows * columns);
}
