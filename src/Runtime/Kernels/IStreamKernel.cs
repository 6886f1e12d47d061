using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>What the text of kernels over streams of weights is compiled for. The generator emits one type per pattern.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStreamKernel
{
    /// <summary>N: weights kept of a group; 1 where all are.</summary>
    static abstract int Keep { get; }

    /// <summary>M: weights of a group; 1 where all are kept.</summary>
    static abstract int Group { get; }

    /// <summary>Bits of a selector, which picks from as many inputs as it has values; 0 where all weights are kept.</summary>
    static abstract int SelectorBits { get; }

    /// <summary>Weights of an output whose selectors pick from the same inputs.</summary>
    static abstract int WindowSlots { get; }

    /// <summary>Inputs of a step.</summary>
    static abstract int StepInputs { get; }
}
