namespace SparseSharp;

/// <summary>
/// Which operands of a layer's products are bfloat16. Sums, bias and activation, the gradients of weights, and what learns are always
/// float32.
/// </summary>
public enum Bfloat16Use
{
    /// <summary>None: a layer in float32.</summary>
    None,

    /// <summary>The weights: products use them rounded, and they are rounded once per optimizer step.</summary>
    Weights,

    /// <summary>The weights, the input, and the gradient of the output.</summary>
    WeightsAndActivations,
}
