using System;

namespace SparseSharp;

/// <summary>
/// Rounds the operands of a layer's products to bfloat16, to the nearest value with ties to even (Kalamkar et al., 2019); they are summed
/// in float32. On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
/// <param name="use">Which operands; with <see cref="Bfloat16Use.None"/> a layer stays out of the default of its class.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class Bfloat16Attribute(Bfloat16Use use = Bfloat16Use.WeightsAndActivations) : Attribute
{
    /// <summary>Which operands are rounded.</summary>
    public Bfloat16Use Use { get; } = use;
}
