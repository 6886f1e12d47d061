namespace SparseSharp.Kernels;

/// <summary>An activation function that is fused into the write-out of a kernel, or its derivative into that of a gradient kernel.</summary>
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
}
