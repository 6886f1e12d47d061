using SparseSharp.Matrices;
using SparseSharp.Patterns;

namespace SparseSharp.Learning;

/// <summary>
/// Blocks that are dropped while training, by magnitude and on a schedule. What is left is packed again, with its optimizer state.
/// </summary>
internal sealed class ShrinkingBlockRule : BlockRule, IScheduledPruning
{
    private readonly HierarchicalBlockPattern _pattern;
    private readonly UpdatePhase[] _pruning;

    public ShrinkingBlockRule(BlockMatrix matrix, HierarchicalBlockPattern pattern)
        : base(matrix)
    {
        _pattern = pattern;
        _pruning = [.. OnlyUpdate, new UpdatePhase(Prune)];
        Schedule = pattern.Schedule;
    }

    public PruneSchedule Schedule { get; set; }

    public override string NeedsTrainer => "[BlockSparse(Hierarchical)] drops weights, and the state of the optimizer with them";

    public override IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) => Schedule.Prunes(step.Step) ? _pruning : OnlyUpdate;

    private void Prune(Optimizer optimizer, in UpdateStep step)
    {
        var (rows, columns) = _pattern.Block;
        using var weight = Matrix.CopyOfMaster();
        var before = Matrix.Mask!;
        var scores = BlockChoice.Scores(weight.Span, before, rows, columns);
        ReplaceMask(BlockMask.Expand(_pattern.Keep(scores, Schedule.Progress(step.Step)), rows, columns));
        Flips = Matrix.Mask!.Flips(before);
    }
}
