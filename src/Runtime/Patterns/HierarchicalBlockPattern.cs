using SparseSharp.Patterns;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Large blocks that are kept or dropped as a whole, and small ones below them (hierarchical block sparse networks, Vooturi et al., 2018;
/// both forms are our reading of its goal). Training starts dense and drops blocks on a cubic schedule (Zhu and Gupta, 2017); what is
/// dropped does not come back. In the nested form large blocks go in the first half of the schedule and small ones in the second; in the
/// additive form the best large blocks, with three quarters of the weights that stay, are spared, and small ones of the rest go.
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
    int PruneFrom = 1, int PruneSteps = 1000, int PruneEvery = 50) : BlockPattern
{
    /// <summary>
    /// Whether a training that is shorter than the schedule prunes sooner: the last pruning then comes after three quarters of its steps.
    /// Generated code says so where the attribute sets no PruneSteps.
    /// </summary>
    public bool FitsTraining { get; init; }

    /// <summary>Kept share in the end, before rounding to whole blocks.</summary>
    public override double Density => 1 - Sparsity;

    internal override (int Rows, int Columns) Block => (InnerRows, InnerColumns);

    internal override int SearchInterval => PruneEvery;

    internal override PruneSchedule? Pruning => Schedule;

    internal override bool FitsPruning => FitsTraining;

    internal override string Identity => $"{this}, {Schedule}";

    internal override double FinalDensity(int outputs, int inputs) => Additive
        ? BlockSettings.AdditiveDensity(
            Density, outputs / InnerRows * (inputs / InnerColumns), OuterRows / InnerRows * (OuterColumns / InnerColumns))
        : BlockSettings.NestedDensity(Density, inputs / OuterColumns, OuterColumns / InnerColumns);

    /// <summary>When blocks are dropped.</summary>
    internal PruneSchedule Schedule => new(PruneFrom, PruneSteps, PruneEvery);

    /// <summary>For example <c>blocks 32x32 > 4x4 87.5 %</c>; the additive form has a plus in place of the angle.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"blocks {OuterRows}x{OuterColumns} {(Additive ? '+' : '>')} {InnerRows}x{InnerColumns} {100 * Sparsity:0.####} %");

    internal override void Check(int inputs, int outputs)
    {
        base.Check(inputs, outputs);
        CheckSize("large blocks", OuterRows, OuterColumns, inputs, outputs);
        if (OuterRows % InnerRows != 0 || OuterColumns % InnerColumns != 0)
            throw new ArgumentException($"Blocks of {InnerRows} x {InnerColumns} do not fill blocks of {OuterRows} x {OuterColumns}.");
        Schedule.Check();
    }

    /// <summary>All that are not zero: pruning is what training does, and what is pruned stays so.</summary>
    internal override Mask Choose(ReadOnlySpan<float> weight, int outputs, int inputs) =>
        BlockMask.NonZero(weight, outputs, inputs, InnerRows, InnerColumns);

    /// <summary>The small blocks that stay after a step.</summary>
    /// <param name="scores">Scores of small blocks; negative for those that are gone.</param>
    /// <param name="progress">How far the pruning has come: 0 at the first, 1 at the last.</param>
    internal Mask Keep(double[,] scores, double progress)
    {
        var (rows, columns) = (OuterRows / InnerRows, OuterColumns / InnerColumns);
        if (Additive)
        {
            var (large, small, rest) = BlockSettings.Additive(Density, scores.Length, rows * columns);
            return BlockChoice.Additive(scores, rows, columns, large, BlockChoice.Count(1 - BlockChoice.Ramp(1 - small, progress), rest));
        }
        // The large level makes up for what rounding to whole small blocks changes.
        var inner = BlockSettings.InnerShare(Density, columns);
        var outer = Math.Min(1, Density / inner);
        return BlockChoice.Nested(
            scores, rows, columns, 1 - BlockChoice.Ramp(1 - outer, 2 * progress), 1 - BlockChoice.Ramp(1 - inner, (2 * progress) - 1));
    }
}
