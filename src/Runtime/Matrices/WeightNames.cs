namespace SparseSharp.Matrices;

/// <summary>Names of the tensors and texts that hold the weights of a layer in the file of a model.</summary>
internal static class WeightNames
{
    /// <summary>All weights, <c>[rows, columns]</c>.</summary>
    public const string Full = "weight";

    /// <summary>Kept weights, row by row in order of their columns.</summary>
    public const string Values = "weight_values";

    /// <summary>Which weights are kept.</summary>
    public const string Bits = "weight_mask";

    /// <summary>Weights of blocks, <c>[blocks, columns, rows]</c>.</summary>
    public const string Blocks = "weight_blocks";

    /// <summary>Which blocks there are.</summary>
    public const string BlockBits = "weight_block_mask";

    /// <summary>Text: the hash of a product of graphs.</summary>
    public const string MaskHash = "mask";

    /// <summary>Text: what full weights of a matrix with a mask are.</summary>
    public const string Meaning = "weights";

    /// <summary>What that text says of weights that products use as they are.</summary>
    public const string InUse = "in use";
}
