using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>
/// A few samples times consecutive blocks of outputs. A block is two vectors of outputs; its weights, and what tells which inputs they belong to, lie in the
/// order in which they are used: for each step of inputs a word of selectors per output, then weight after weight a word per output.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct StreamRun
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

/// <summary>Micro-kernels over streams of weights, emitted once per pattern.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStreamKernel
{
    /// <summary>N: weights kept of a group; 1 where all are.</summary>
    static abstract int Keep { get; }

    /// <summary>M: weights of a group; 1 where all are kept.</summary>
    static abstract int Group { get; }

    /// <summary>Bits of a selector, which picks from as many inputs as it has values; 0 where all weights are kept.</summary>
    static abstract int SelectorBits { get; }

    /// <summary>Inputs of a step.</summary>
    static abstract int StepInputs { get; }

    /// <summary><c>Y = X·Wᵀ + b</c> for a run of blocks.</summary>
    /// <param name="samples">Samples: a power of two, up to half of the lanes of a vector.</param>
    /// <param name="halves">Whether weights are stored as bfloat16.</param>
    /// <param name="run">The operands.</param>
    static abstract void Multiply(int samples, bool halves, in StreamRun run);
}
