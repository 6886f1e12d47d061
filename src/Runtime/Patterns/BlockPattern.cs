using SparseSharp.Patterns;

namespace SparseSharp;

/// <summary>Blocks of weights that are kept or dropped as a whole, by what they weigh. Only the weights of kept blocks exist.</summary>
public abstract record BlockPattern : SparsityPattern
{
    private protected BlockPattern() { }

    /// <summary>Size of the blocks that are kept or dropped as a whole.</summary>
    internal abstract (int Rows, int Columns) Block { get; }

    internal override bool KeepsMaskedWeights => false;

    internal override int SearchInterval => 1;

    /// <summary>Which blocks a layer with these weights begins with.</summary>
    internal abstract Mask Choose(ReadOnlySpan<float> weight, int outputs, int inputs);

    /// <summary>What is wrong with a number of blocks, in words, or null.</summary>
    internal virtual string? CountFault(Mask blocks) => null;

    internal override void Check(int inputs, int outputs)
    {
        var (rows, columns) = Block;
        CheckSize("blocks", rows, columns, inputs, outputs);
        if (Density is not (> 0 and <= 1))
            throw new ArgumentException(
                FormattableString.Invariant($"A sparsity of {1 - Density} is not possible: it must be at least 0 and less than 1."));
    }

    internal override string? FirstFault(Mask mask)
    {
        var (rows, columns) = Block;
        if (mask.Rows % rows != 0 || mask.Columns % columns != 0)
            return $"[{mask.Rows}, {mask.Columns}] does not consist of blocks of {rows} x {columns}";
        var blocks = BlockMask.Of(mask, rows, columns);
        return BlockMask.FirstFault(mask, blocks) ?? CountFault(blocks);
    }

    internal override Mask? MaskOfZeros(ReadOnlySpan<float> weight, int outputs, int inputs)
    {
        var (rows, columns) = Block;
        var mask = BlockMask.Expand(BlockMask.NonZero(weight, outputs, inputs, rows, columns), rows, columns);
        return Accepts(mask) ? mask : null;
    }

    private protected static void CheckSize(string what, int rows, int columns, int inputs, int outputs)
    {
        if (rows < 1 || columns < 1)
            throw new ArgumentException($"There are no {what} of {rows} x {columns} weights.");
        if (outputs % rows != 0)
            throw new ArgumentException($"{rows} rows of {what} do not divide {outputs} output features.");
        if (inputs % columns != 0)
            throw new ArgumentException($"{columns} columns of {what} do not divide {inputs} input features.");
    }
}
