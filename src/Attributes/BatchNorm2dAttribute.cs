using System;

namespace SparseSharp;

/// <summary>
/// A normalisation of images, as PyTorch defines it, on a partial property of type <c>BatchNorm2d</c>: each channel by its mean and
/// variance over the samples and pixels of a batch in training, and by running statistics in predictions.
/// </summary>
/// <param name="channels">Channels of the images, at least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BatchNorm2dAttribute(int channels) : BatchNormAttribute
{
    /// <summary>Channels of the images.</summary>
    public int Channels { get; } = channels;
}
