using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>
/// An activation function that is fused into the write-out of a kernel, or its derivative into that of a gradient kernel.
/// </summary>
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

    /// <summary><c>min(max(x, 0), 6)</c>; the derivative needs the output.</summary>
    Relu6,

    /// <summary><c>min(max(x / 6 + 1/2, 0), 1)</c>; the derivative needs the output.</summary>
    HardSigmoid,

    /// <summary><c>x·min(max(x / 6 + 1/2, 0), 1)</c>; the derivative needs the input.</summary>
    HardSwish,
}

/// <summary>What the compiler has to know of an activation function. <see cref="ActivationMath"/> computes it.</summary>
/// <param name="Kind">The function. A method of <c>Activation</c> has its name.</param>
/// <param name="DerivativeNeedsInput">Whether the derivative is computed from the function's input; from its output otherwise.</param>
/// <param name="GivesBfloat16">Whether every result is a value of bfloat16, whatever the input.</param>
/// <param name="KeepsBfloat16">Whether results are values of bfloat16 where inputs are.</param>
internal sealed record ActivationRow(
    ActivationKind Kind, bool DerivativeNeedsInput = false, bool GivesBfloat16 = false, bool KeepsBfloat16 = false);

/// <summary>All activation functions, a row each; the generator and the runtime both compile this file.</summary>
internal static class ActivationTable
{
    /// <summary>In the order in which messages list them.</summary>
    public static readonly ActivationRow[] Rows =
    [
        new(ActivationKind.Relu, KeepsBfloat16: true),
        new(ActivationKind.Gelu, DerivativeNeedsInput: true),
        new(ActivationKind.Silu, DerivativeNeedsInput: true),
        new(ActivationKind.Tanh),
        new(ActivationKind.Sigmoid),
        new(ActivationKind.KTanh, GivesBfloat16: true),
        new(ActivationKind.KSigmoid),
        new(ActivationKind.KSwish, DerivativeNeedsInput: true),
        new(ActivationKind.KGelu, DerivativeNeedsInput: true),
        new(ActivationKind.Relu6, KeepsBfloat16: true),
        new(ActivationKind.HardSigmoid),
        new(ActivationKind.HardSwish, DerivativeNeedsInput: true),
    ];

    /// <summary>The row of a function, which is not <see cref="ActivationKind.None"/>.</summary>
    public static ActivationRow Of(ActivationKind kind) => System.Array.Find(Rows, row => row.Kind == kind)!;
}
