using System;

namespace SparseSharp;

/// <summary>
/// A fully connected layer, <c>y = x·Wᵀ + b</c> with <c>W</c> of shape <c>[out, in]</c>, on a partial property of type <c>Linear</c>.
/// </summary>
/// <param name="inputs">Input features (columns of <c>W</c>), at least 1.</param>
/// <param name="outputs">Output features (rows of <c>W</c>), at least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LinearAttribute(int inputs, int outputs) : Attribute
{
    /// <summary>Input features (columns of <c>W</c>).</summary>
    public int Inputs { get; } = inputs;

    /// <summary>Output features (rows of <c>W</c>).</summary>
    public int Outputs { get; } = outputs;

    /// <summary>Whether the layer adds a bias of shape <c>[out]</c>; true unless said otherwise.</summary>
    public bool Bias { get; set; } = true;
}
