namespace SparseSharp.Kernels;

/// <summary>
/// A few samples times consecutive tiles of blocks of weights. A tile is four outputs that share a list of blocks of four inputs; the
/// sixteen weights of a block lie input by input, and blocks in the order in which they are used.
/// </summary>
internal ref struct BlockStreamRun
{
    /// <summary>The first input of the first sample.</summary>
    public ref float X;

    /// <summary>From a sample to the next in <see cref="X"/>.</summary>
    public nint XStride;

    /// <summary>Five numbers per tile: how many blocks it has, a multiple of four, and its outputs.</summary>
    public ref uint Tiles;

    /// <summary>The inputs of the blocks of all tiles, divided by four.</summary>
    public ref ushort Columns;

    /// <summary>
    /// The weights of the first tile. A word is a float, or of two blocks a bfloat16 value each, that of the earlier one in its lower half.
    /// </summary>
    public ref uint Stream;

    /// <summary>Tiles.</summary>
    public int Count;

    /// <summary>Bias of output 0.</summary>
    public ref float Bias;

    /// <summary>Output 0 of the first sample.</summary>
    public ref float Y;

    /// <summary>From a sample to the next in <see cref="Y"/>.</summary>
    public nint YStride;

    /// <summary>Whether <c>max(sum, 0)</c> is written.</summary>
    public bool Relu;
}
