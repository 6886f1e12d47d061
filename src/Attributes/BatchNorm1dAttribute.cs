using System;

namespace SparseSharp;

/// <summary>
/// A normalisation of features, as PyTorch defines it, on a partial property of type <c>BatchNorm1d</c>: each feature by its mean and
/// variance over the samples of a batch in training, and by running statistics in predictions.
/// </summary>
/// <param name="features">Features, at least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BatchNorm1dAttribute(int features) : BatchNormAttribute
{
    /// <summary>Features.</summary>
    public int Features { get; } = features;
}
