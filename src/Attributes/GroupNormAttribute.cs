using System;

namespace SparseSharp;

/// <summary>
/// A normalisation of images, as PyTorch defines it, on a partial property of type <c>GroupNorm</c>: each group of channels of a sample by
/// its mean and variance.
/// </summary>
/// <param name="groups">Groups of channels, which divide them.</param>
/// <param name="channels">Channels of the images, at least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GroupNormAttribute(int groups, int channels) : Attribute
{
    /// <summary>Groups of channels.</summary>
    public int Groups { get; } = groups;

    /// <summary>Channels of the images.</summary>
    public int Channels { get; } = channels;

    /// <summary>What is added to the variance, greater than 0; 1e-5 unless said otherwise.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the layer learns a factor and a term for each channel; true unless said otherwise.</summary>
    public bool Affine { get; set; } = true;
}
