using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>
/// What follows a product while its tile is still in the first-level cache: an activation, or the derivative of the one below.
/// ReLU and its derivative are not among them: the kernels do those in registers.
/// </summary>
internal readonly record struct Epilogue(ActivationKind Kind, bool Derivative)
{
    public bool NeedsTile => Kind is not (ActivationKind.None or ActivationKind.Relu);

    /// <summary><c>y = activation(z)</c>, or <c>y = z·activation'(saved)</c>.</summary>
    public void Apply(ref float z, ref float y, ref float saved, int count)
    {
        var input = MemoryMarshal.CreateReadOnlySpan(ref z, count);
        var output = MemoryMarshal.CreateSpan(ref y, count);
        if (Derivative)
            ActivationMath.Backward(Kind, input, MemoryMarshal.CreateReadOnlySpan(ref saved, count), output, accumulate: false);
        else
            ActivationMath.Apply(Kind, input, output);
    }
}
