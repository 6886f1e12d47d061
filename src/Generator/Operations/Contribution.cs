using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary>What the gradient of an operand gets from that of a result.</summary>
/// <param name="Operand">Which operand.</param>
/// <param name="Call">The call that writes it, or adds it to what is there; null where it is the gradient of the result, unchanged.</param>
/// <param name="Preparation">A call that must come before, or null.</param>
/// <param name="FusesDerivative">Whether the call can multiply the sum by the derivative of an activation.</param>
internal sealed record Contribution(int Operand, Func<GradientTarget, Call>? Call, Call? Preparation = null, bool FusesDerivative = false)
{
    public static Contribution Unchanged(int operand) => new(operand, Call: null);
}

/// <summary>Where a contribution goes.</summary>
/// <param name="Value">The value of the gradient.</param>
/// <param name="Accumulate">Whether there are contributions in it.</param>
/// <param name="Derivative">The activation whose derivative is fused, or none.</param>
/// <param name="Saved">The value from which the derivative is computed, -1 for none.</param>
internal readonly record struct GradientTarget(int Value, bool Accumulate, ActivationKind Derivative = ActivationKind.None, int Saved = -1)
{
    /// <summary>The derivative as arguments of a call that fuses it; nothing where there is none.</summary>
    public IEnumerable<Argument> Derivatives =>
        Derivative == ActivationKind.None ? [] : [Argument.Activation(Derivative), Argument.Read(Saved)];
}
