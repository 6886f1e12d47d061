using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>An activation function that is fused into the write-out of a kernel, or its derivative into that of a gradient kernel.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ActivationKind
{
    /// <summary>The identity.</summary>
    None,

    /// <summary><c>max(x, 0)</c>; the derivative needs the output.</summary>
    Relu,

    /// <summary>The hyperbolic tangent; the derivative needs the output.</summary>
    Tanh,

    /// <summary>The logistic function; the derivative needs the output.</summary>
    Sigmoid,

    /// <summary>The tanh form of GELU; the derivative needs the input.</summary>
    Gelu,

    /// <summary><c>x·sigmoid(x)</c>; the derivative needs the input.</summary>
    Silu,

    /// <summary>The approximate hyperbolic tangent of <see cref="SparseSharp.KTanh"/>; the derivative needs the output.</summary>
    KTanh,

    /// <summary>The logistic function by <see cref="SparseSharp.KTanh"/>; the derivative needs the output.</summary>
    KSigmoid,

    /// <summary><c>x·sigmoid(x)</c> by <see cref="SparseSharp.KTanh"/>; the derivative needs the input.</summary>
    KSwish,

    /// <summary>The tanh form of GELU by <see cref="SparseSharp.KTanh"/>; the derivative needs the input.</summary>
    KGelu,
}
