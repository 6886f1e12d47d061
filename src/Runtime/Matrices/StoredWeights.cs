using SparseSharp.Masks;
using SparseSharp.Patterns;

namespace SparseSharp.Matrices;

/// <summary>What a file has of a matrix, checked.</summary>
/// <param name="Weight">Weights <c>[rows, columns]</c>, 0 where they are masked.</param>
/// <param name="Mask">The mask that goes with them; null for a dense matrix, and where the matrix has to find one itself.</param>
internal sealed record StoredWeights(float[] Weight, Mask? Mask)
{
    /// <summary>Whether the weights are those that products use, which may be others than the ones that learn.</summary>
    public bool IsInUse { get; init; }

    /// <summary>All weights, in whatever form the file has them: full ones, or what a matrix with a mask has written.</summary>
    public static float[] ReadAll(IWeightReader reader, int rows, int columns)
    {
        if (reader.HasFull())
            return reader.Full(rows, columns).Weight;
        if (reader.Has(WeightNames.Blocks))
            return ReadBlocks(reader, rows, columns);
        if (!reader.Has(WeightNames.Values))
            throw reader.Missing(WeightNames.Full);
        if (!reader.Has(WeightNames.Bits))
            throw reader.Missing(WeightNames.Bits);
        var mask = reader.Bits(WeightNames.Bits, rows, columns);
        // As many per row, or all rows behind each other.
        var isFlat = reader.ShapeOf(WeightNames.Values).Count == 1;
        return MaskCodec.Scatter(isFlat
            ? reader.Floats(WeightNames.Values, mask.Count)
            : reader.Floats(WeightNames.Values, rows, mask.Count / rows), mask);
    }

    /// <summary>Blocks of any size, whose mask the file has.</summary>
    private static float[] ReadBlocks(IWeightReader reader, int rows, int columns)
    {
        if (!reader.Has(WeightNames.BlockBits))
            throw reader.Fault($"tensor '{reader.NameOf(WeightNames.Blocks)}' holds blocks of a mask that no file has ({reader.StoredPattern}), but {reader.Owner} is dense. Save the model with dense: true.");
        var shape = reader.ShapeOf(WeightNames.Blocks);
        if (shape.Count != 3
            || shape[1] is not (>= 1 and <= int.MaxValue)
            || shape[2] is not (>= 1 and <= int.MaxValue)
            || columns % shape[1] != 0
            || rows % shape[2] != 0)
            throw reader.Fault($"tensor '{reader.NameOf(WeightNames.Blocks)}' has shape [{string.Join(", ", shape)}], whose blocks do not "
                + $"fill {reader.Owner} ({columns} to {rows}).");
        var (height, width) = ((int)shape[2], (int)shape[1]);
        var blocks = reader.Bits(WeightNames.BlockBits, rows / height, columns / width);
        var step = BlockLists.Divisor(width);
        using var lists = BlockLists.Of(BlockMask.Expand(blocks, 1, width / step), height, step);
        return ReadBlocks(reader, lists, (rows, columns), (height, width));
    }

    /// <summary>The weights of blocks, put where lists say that they are.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="lists">Which blocks there are.</param>
    /// <param name="size">Rows and columns of the matrix.</param>
    /// <param name="block">Rows and columns of a block in files.</param>
    public static float[] ReadBlocks(IWeightReader reader, BlockLists lists, (int Rows, int Columns) size, (int Rows, int Columns) block)
    {
        var values = reader.Floats(WeightNames.Blocks, lists.Count / (block.Rows * block.Columns), block.Columns, block.Rows);
        var weight = new float[size.Rows * size.Columns];
        lists.Unpack(values, weight);
        return weight;
    }
}
