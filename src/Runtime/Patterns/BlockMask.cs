namespace SparseSharp.Patterns;

/// <summary>Masks with a bit per block instead of a bit per weight.</summary>
internal static class BlockMask
{
    /// <summary>The blocks of which a mask keeps the first weight.</summary>
    public static Mask Of(Mask mask, int rows, int columns)
    {
        var blocks = new Mask(mask.Rows / rows, mask.Columns / columns);
        for (var row = 0; row < blocks.Rows; row++)
        {
            for (var column = 0; column < blocks.Columns; column++)
                blocks[row, column] = mask[row * rows, column * columns];
        }
        return blocks;
    }

    /// <summary>The blocks of which at least one weight is not 0.</summary>
    public static Mask NonZero(ReadOnlySpan<float> weight, int outputs, int inputs, int rows, int columns)
    {
        var blocks = new Mask(outputs / rows, inputs / columns);
        for (var i = 0; i < weight.Length; i++)
        {
            if (weight[i] != 0)
                blocks[i / inputs / rows, i % inputs / columns] = true;
        }
        return blocks;
    }

    /// <summary>Blocks of another size: every bit becomes a rectangle of bits.</summary>
    public static Mask Expand(Mask blocks, int rows, int columns)
    {
        var mask = new Mask(blocks.Rows * rows, blocks.Columns * columns);
        for (var row = 0; row < mask.Rows; row++)
        {
            for (var column = 0; column < mask.Columns; column++)
                mask[row, column] = blocks[row / rows, column / columns];
        }
        return mask;
    }

    /// <summary>The first weight that is not kept or dropped like the rest of its block, in words, or null.</summary>
    public static string? FirstFault(Mask mask, Mask blocks)
    {
        var (rows, columns) = (mask.Rows / blocks.Rows, mask.Columns / blocks.Columns);
        for (var row = 0; row < mask.Rows; row++)
        {
            for (var column = 0; column < mask.Columns; column++)
            {
                if (mask[row, column] != blocks[row / rows, column / columns])
                    return $"the block of {rows} x {columns} at row {row / rows * rows}, column {column / columns * columns} is kept in "
                        + "part";
            }
        }
        return null;
    }
}
