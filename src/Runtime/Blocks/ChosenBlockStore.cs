using SparseSharp.Blocks;

namespace SparseSharp.Layers;

/// <summary>Blocks that are chosen by what they weigh.</summary>
internal unsafe class ChosenBlockStore : BlockStore
{
    private readonly BlockPattern _pattern;
    private readonly int _kernelColumns;

    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="pattern">How blocks are chosen.</param>
    /// <param name="kernelColumns">Columns that kernels take at a time: divides those of a block.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    public ChosenBlockStore(int inputs, int outputs, BlockPattern pattern, int kernelColumns, bool rounds)
        : base(inputs, outputs, MakeLists(new Mask(outputs / pattern.Block.Rows, inputs / pattern.Block.Columns), pattern, kernelColumns), rounds)
    {
        (_pattern, _kernelColumns) = (pattern, kernelColumns);
    }

    public override WeightRule MakeRule(Linear layer) =>
        _pattern is HierarchicalBlockPattern shrinking ? new ShrinkingBlockRule(layer, shrinking) : base.MakeRule(layer);

    public override void FindMask(float* dense, bool fromMask) =>
        Take(_pattern.Choose(new ReadOnlySpan<float>(dense, checked(Outputs * Inputs)), Outputs, Inputs));

    public override void SetMask(Mask mask, float* dense) => Take(BlockMask.Of(mask, _pattern.Block.Rows, _pattern.Block.Columns));

    private void Take(Mask blocks) => Replace(MakeLists(blocks, _pattern, _kernelColumns));

    private static BlockLists MakeLists(Mask blocks, BlockPattern pattern, int kernelColumns) =>
        BlockLists.Of(BlockMask.Expand(blocks, 1, pattern.Block.Columns / kernelColumns), pattern.Block.Rows, kernelColumns);
}
