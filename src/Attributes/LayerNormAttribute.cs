using System;

namespace SparseSharp;

/// <summary>
/// A normalisation of each sample, as PyTorch defines it, on a partial property of type <c>LayerNorm</c>: by the mean and the variance of
/// all its numbers.
/// </summary>
/// <param name="shape">Dimensions of the value, each at least 1: features, or channels, rows and columns of an image.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LayerNormAttribute(params int[] shape) : Attribute
{
    /// <summary>Dimensions of the value.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>What is added to the variance, greater than 0; 1e-5 unless said otherwise.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the layer learns a factor and a term for each number; true unless said otherwise.</summary>
    public bool Affine { get; set; } = true;
}
