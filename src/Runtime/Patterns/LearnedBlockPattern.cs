using SparseSharp.Patterns;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Blocks with a trainable scale each, which counts from 0 to 1, and a penalty that drives the scales of useless blocks to 0 (DBSR, Vooturi
/// et al., 2019).
/// <see cref="MatrixLayer.FoldBlocks"/> drops blocks without a positive scale, and files hold the others only. With a sparsity, which is ours,
/// training itself drops the blocks whose scaled weights have the smallest mean squares, on a cubic schedule (Zhu and Gupta, 2017); what is
/// dropped does not come back.
/// </summary>
/// <remarks>The loss that is reported does not include the penalty.</remarks>
/// <param name="Rows">Rows of a block; divides the output features.</param>
/// <param name="Columns">Columns of a block; divides the input features.</param>
/// <param name="Penalty">Gamma: what is minimised is the loss plus <c>gamma·Σ|scale|</c>.</param>
/// <param name="Sparsity">Share of blocks that is dropped in the end, less than 1; 0 where the penalty alone decides.</param>
/// <param name="Balanced">Whether every row of blocks keeps equally many; else the best blocks of the whole matrix stay.</param>
/// <param name="PruneFrom">With a sparsity: optimizer step of the first pruning, at least 1.</param>
/// <param name="PruneSteps">With a sparsity: optimizer steps from the first pruning to the last.</param>
/// <param name="PruneEvery">With a sparsity: optimizer steps between two prunings, at least 1.</param>
public sealed record LearnedBlockPattern(
    int Rows, int Columns, float Penalty, double Sparsity = 0, bool Balanced = false, int PruneFrom = 1, int PruneSteps = 1000,
    int PruneEvery = 50)
    : BlockPattern
{
    /// <summary>
    /// Whether a training that is shorter than the schedule prunes sooner: the last pruning then comes after three quarters of its steps.
    /// Generated code says so where the attribute sets no PruneSteps.
    /// </summary>
    public bool FitsTraining { get; init; }

    /// <summary>
    /// Kept share in the end, before rounding to whole blocks; 1 without a sparsity, where it is not known before it is learned. A layer
    /// tells what it keeps
    /// (<see cref="Layer.Density"/>).
    /// </summary>
    public override double Density => 1 - Sparsity;

    internal override (int Rows, int Columns) Block => (Rows, Columns);

    internal override int SearchInterval => PruneEvery;

    internal override PruneSchedule? Pruning => HasTarget ? Schedule : null;

    internal override bool FitsPruning => FitsTraining;

    internal override string Identity =>
        FormattableString.Invariant($"{this}, penalty {Penalty}{(HasTarget ? $", {(Balanced ? "balanced" : "global")}, {Schedule}" : "")}");

    /// <summary>Whether blocks are dropped on a schedule.</summary>
    internal bool HasTarget => Sparsity != 0;

    /// <summary>When blocks are dropped.</summary>
    internal PruneSchedule Schedule => new(PruneFrom, PruneSteps, PruneEvery);

    /// <summary>For example <c>learned blocks 4x4</c>, and with a sparsity <c>learned blocks 4x4 87.5 %</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"learned blocks {Rows}x{Columns}{(HasTarget ? FormattableString.Invariant($" {100 * Sparsity:0.####} %") : "")}");

    internal override void Check(int inputs, int outputs)
    {
        base.Check(inputs, outputs);
        if (Penalty is not (>= 0 and < float.PositiveInfinity))
            throw new ArgumentException(FormattableString.Invariant($"The penalty {Penalty} must be a finite number of at least 0."));
        Schedule.Check();
    }

    /// <summary>All that are not zero: those of a layer that was saved after training.</summary>
    internal override Mask Choose(ReadOnlySpan<float> weight, int outputs, int inputs) =>
        BlockMask.NonZero(weight, outputs, inputs, Rows, Columns);

    internal override double FinalDensity(int outputs, int inputs) =>
        HasTarget ? BlockSettings.DensityOf(Density, outputs / Rows, inputs / Columns, Balanced) : 1;

    /// <summary>The blocks that stay after a step.</summary>
    /// <param name="scores">A score per block; negative for those that are gone.</param>
    /// <param name="progress">How far the pruning has come: 0 at the first, 1 at the last.</param>
    internal Mask Keep(double[,] scores, double progress)
    {
        var density = 1 - BlockChoice.Ramp(Sparsity, progress);
        return BlockChoice.Best(scores, BlockChoice.Count(density, Balanced ? scores.GetLength(1) : scores.Length), Balanced);
    }
}
