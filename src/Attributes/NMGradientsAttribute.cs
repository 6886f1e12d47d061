using System;

namespace SparseSharp;

/// <summary>
/// Computes the gradient of the weights from N of every M samples, for each output feature its own: the gradient of the output is pruned
/// along the batch by the unbiased estimator of least variance (Chmiel et al., 2022), and the product skips what was dropped.
/// On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
/// <remarks>
/// The gradient of the input and that of the bias use the whole gradient. A layer whose mask is static has its own, smaller gradient and is
/// left alone.
/// </remarks>
/// <param name="keep">N, the samples kept in a group; at least 1 and less than <paramref name="group"/>.</param>
/// <param name="group">M, the size of a group; at most 32. A batch need not be divisible by it.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class NMGradientsAttribute(int keep, int group) : Attribute
{
    /// <summary>N, the samples kept in a group.</summary>
    public int Keep { get; } = keep;

    /// <summary>M, the size of a group.</summary>
    public int Group { get; } = group;
}
