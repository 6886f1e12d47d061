using SparseSharp.Patterns;

namespace SparseSharp.Matrices;

/// <summary>Blocks that are chosen by what they weigh.</summary>
internal unsafe class ChosenBlockMatrix : BlockMatrix
{
    private readonly BlockPattern _pattern;
    private readonly int _kernelColumns;

    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="pattern">How blocks are chosen.</param>
    /// <param name="kernelColumns">Columns that kernels take at a time: divides those of a block.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    /// <param name="derives">Whether the derived class holds the weights in use, and then rounds them.</param>
    public ChosenBlockMatrix(int rows, int columns, BlockPattern pattern, int kernelColumns, bool rounds, bool derives = false)
        : base(rows, columns, pattern, MakeLists(new Mask(rows / pattern.Block.Rows, columns / pattern.Block.Columns), pattern, kernelColumns), rounds, derives)
    {
        (_pattern, _kernelColumns) = (pattern, kernelColumns);
    }

    public override void FindMask(float* dense, bool fromMask) =>
        Take(_pattern.Choose(new ReadOnlySpan<float>(dense, checked(Rows * Columns)), Rows, Columns));

    public override void SetMask(Mask mask, float* dense) => Take(BlockMask.Of(mask, _pattern.Block.Rows, _pattern.Block.Columns));

    private void Take(Mask blocks) => Replace(MakeLists(blocks, _pattern, _kernelColumns));

    private static BlockLists MakeLists(Mask blocks, BlockPattern pattern, int kernelColumns) =>
        BlockLists.Of(BlockMask.Expand(blocks, 1, pattern.Block.Columns / kernelColumns), pattern.Block.Rows, kernelColumns);
}
