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
        : base(
            rows, columns, pattern,
            MakeLists(new Mask(rows / pattern.Block.Rows, columns / pattern.Block.Columns), pattern, kernelColumns), rounds, derives)
    {
        (_pattern, _kernelColumns) = (pattern, kernelColumns);
    }

    public override void FindMask(float* dense, bool fromMask) =>
        Take(_pattern.Choose(new ReadOnlySpan<float>(dense, checked(Rows * Columns)), Rows, Columns));

    public override void SetMask(Mask mask, float* dense) => Take(BlockMask.Of(mask, _pattern.Block.Rows, _pattern.Block.Columns));

    public override StoredWeights Read(IWeightReader reader)
    {
        if (!HasBlocks(reader))
            return Prune(reader, reader.Full(Rows, Columns));
        if (!reader.Has(WeightNames.BlockBits))
            throw reader.Missing(WeightNames.BlockBits);
        var (rows, columns) = _pattern.Block;
        var blocks = reader.Bits(WeightNames.BlockBits, Rows / rows, Columns / columns);
        if (_pattern.CountFault(blocks) is { } fault)
            throw reader.Fault($"the mask '{reader.NameOf(WeightNames.BlockBits)}', stored as {reader.StoredPattern}, is not {_pattern} as {reader.Owner} needs it: {fault}.");
        using var lists = MakeLists(blocks, _pattern, _kernelColumns);
        return new(StoredWeights.ReadBlocks(reader, lists, (Rows, Columns), (rows, columns)), BlockMask.Expand(blocks, rows, columns));
    }

    /// <summary>Whether products use a block; the blocks are counted in their order.</summary>
    protected virtual bool IsUsed(int block) => true;

    /// <summary>Blocks in their order here, which is that of files, without those that products do not use.</summary>
    protected override void WriteKept(IWeightWriter writer)
    {
        var (rows, columns) = _pattern.Block;
        var blocks = new Mask(Rows / rows, Columns / columns);
        var used = new List<int>();
        var next = 0;
        for (var tile = 0; tile < Lists.Tiles; tile++)
        {
            foreach (var column in Lists.ColumnsOf(tile))
            {
                // Kernels may take a block in pieces.
                if (column % columns != 0)
                    continue;
                if (IsUsed(next))
                {
                    blocks[tile, column / columns] = true;
                    used.Add(next);
                }
                next++;
            }
        }
        var size = rows * columns;
        var target = writer.AddFloats(WeightNames.Blocks, used.Count, columns, rows);
        for (var i = 0; i < used.Count; i++)
            new ReadOnlySpan<float>(Values + ((nint)used[i] * size), size).CopyTo(target.Slice(i * size, size));
        writer.AddBits(WeightNames.BlockBits, blocks);
    }

    private void Take(Mask blocks) => Replace(MakeLists(blocks, _pattern, _kernelColumns));

    private static BlockLists MakeLists(Mask blocks, BlockPattern pattern, int kernelColumns) =>
        BlockLists.Of(BlockMask.Expand(blocks, 1, pattern.Block.Columns / kernelColumns), pattern.Block.Rows, kernelColumns);
}
