namespace SparseSharp;

/// <summary>
/// Blocks with a trainable scale each, from 0 to 1, and a penalty on the scales that drives those of useless blocks to 0 (DBSR, Vooturi et al., 2019). All weights
/// are there while they are trained; then blocks without weight are dropped, and the scales go into the others.
/// </summary>
/// <param name="Rows">Rows of a block; divides the output features.</param>
/// <param name="Columns">Columns of a block; divides the input features.</param>
/// <param name="Penalty">Gamma: the loss gets <c>gamma·Σ|scale|</c>.</param>
public sealed record LearnedBlockPattern(int Rows, int Columns, float Penalty)
{
    /// <summary>For example <c>learned blocks 4x4</c>.</summary>
    public override string ToString() => $"learned blocks {Rows}x{Columns}";
}
