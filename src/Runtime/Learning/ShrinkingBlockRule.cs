using SparseSharp.Matrices;
using SparseSharp.Patterns;

namespace SparseSharp.Learning;

/// <summary>Blocks that are dropped while training, by magnitude and on a schedule. What is left is packed again, with its optimizer state.</summary>
internal sealed class ShrinkingBlockRule(BlockMatrix matrix, HierarchicalBlockPattern pattern) : BlockRule(matrix)
{
    private PruneSchedule _schedule = pattern.Schedule;

    public override PruneSchedule? Schedule
    {
        get => _schedule;
        set => _schedule = value ?? pattern.Schedule;
    }

    public override void Finish(Optimizer optimizer, in UpdateStep step)
    {
        if (!_schedule.Prunes(step.Step))
            return;
        var (rows, columns) = pattern.Block;
        using var weight = Matrix.CopyOfMaster();
        var before = Matrix.Mask!;
        var scores = BlockChoice.Scores(weight.Span, before, rows, columns);
        ReplaceMask(BlockMask.Expand(pattern.Keep(scores, _schedule.Progress(step.Step)), rows, columns));
        Flips = Matrix.Mask!.Flips(before);
    }
}
