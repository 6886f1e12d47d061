namespace SparseSharp.Kernels;

/// <summary>
/// A few samples times consecutive blocks of outputs. A block is two vectors of outputs; its weights, and what tells which inputs they
/// belong to, lie in the order in which they are used: for each step of inputs a word of selectors per output, then weight after weight a
/// word per output.
/// </summary>
internal ref struct StreamRun
{
    /// <summary>The first input of the first sample; inputs are consecutive, and there are whole steps of them.</summary>
    public ref float X;

    /// <summary>From a sample to the next in <see cref="X"/>.</summary>
    public nint XStride;

    /// <summary>The stream, at the first block. A word is a float or two bfloat16 values, the earlier one in its lower half.</summary>
    public ref uint Stream;

    /// <summary>Words from a block to the next.</summary>
    public nint BlockStride;

    /// <summary>Steps of inputs.</summary>
    public int Steps;

    /// <summary>Blocks of outputs.</summary>
    public int Blocks;

    /// <summary>Bias of the first output.</summary>
    public ref float Bias;

    /// <summary>The first output of the first sample; whole blocks are written.</summary>
    public ref float Y;

    /// <summary>From a sample to the next in <see cref="Y"/>.</summary>
    public nint YStride;

    /// <summary>Whether <c>max(sum, 0)</c> is written.</summary>
    public bool Relu;
}
