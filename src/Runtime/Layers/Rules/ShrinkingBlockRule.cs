using SparseSharp.Blocks;

namespace SparseSharp.Layers;

/// <summary>Blocks that are dropped while training, by magnitude and on a schedule. What is left is packed again, with its optimizer state.</summary>
internal sealed class ShrinkingBlockRule(Linear layer, HierarchicalBlockPattern pattern) : BlockRule(layer)
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
        var before = Layer.Mask!;
        var scores = BlockChoice.Scores(Layer.Weight, before, rows, columns);
        Layer.SetMask(BlockMask.Expand(pattern.Keep(scores, _schedule.Progress(step.Step)), rows, columns));
        Flips = Layer.Mask!.Flips(before);
    }
}
