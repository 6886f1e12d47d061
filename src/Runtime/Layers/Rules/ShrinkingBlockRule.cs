using SparseSharp.Blocks;

namespace SparseSharp.Layers;

/// <summary>Blocks that are dropped while training, by magnitude and on a schedule. What is left is packed again, with its optimizer state.</summary>
internal sealed class ShrinkingBlockRule(Linear layer, HierarchicalBlockPattern pattern) : BlockRule(layer)
{
    public override void Finish(Optimizer optimizer, in UpdateStep step)
    {
        if (!pattern.Prunes(step.Step))
            return;
        var (rows, columns) = pattern.Block;
        var before = Layer.Mask!;
        var scores = BlockChoice.Scores(Layer.Weight, Layer.Outputs, Layer.Inputs, rows, columns);
        for (var row = 0; row < scores.GetLength(0); row++)
        {
            for (var column = 0; column < scores.GetLength(1); column++)
            {
                if (!before[row * rows, column * columns])
                    scores[row, column] = -1;
            }
        }
        Layer.SetMask(BlockMask.Expand(pattern.Keep(scores, step.Step), rows, columns));
        Flips = Layer.Mask!.Flips(before);
    }
}
