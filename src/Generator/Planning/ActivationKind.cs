using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>An activation function in an op; the runtime's enumeration of this name has the same members.</summary>
internal enum ActivationKind
{
    None,
    Relu,
    Tanh,
    Sigmoid,
    Gelu,
    Silu,
    KTanh,
    KSigmoid,
    KSwish,
    KGelu,
}

internal static class ActivationRules
{
    /// <summary>The function a node applies, or none.</summary>
    public static ActivationKind Activation(this NodeKind kind) => kind switch
    {
        NodeKind.Relu => ActivationKind.Relu,
        NodeKind.Tanh => ActivationKind.Tanh,
        NodeKind.Sigmoid => ActivationKind.Sigmoid,
        NodeKind.Gelu => ActivationKind.Gelu,
        NodeKind.Silu => ActivationKind.Silu,
        NodeKind.KTanh => ActivationKind.KTanh,
        NodeKind.KSigmoid => ActivationKind.KSigmoid,
        NodeKind.KSwish => ActivationKind.KSwish,
        NodeKind.KGelu => ActivationKind.KGelu,
        _ => ActivationKind.None,
    };

    /// <summary>Whether the derivative is computed from the function's input; from its output otherwise.</summary>
    public static bool DerivativeNeedsInput(this ActivationKind kind) =>
        kind is ActivationKind.Gelu or ActivationKind.Silu or ActivationKind.KSwish or ActivationKind.KGelu;
}
