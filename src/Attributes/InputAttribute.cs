using System;

namespace SparseSharp;

/// <summary>
/// Gives the shape of one sample on the parameter of <c>Forward</c>; the number of features is the product of the dimensions.
/// </summary>
/// <param name="dimensions">Dimensions of one sample, each at least 1; for example <c>784</c> or <c>28, 28</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class InputAttribute(params int[] dimensions) : Attribute
{
    /// <summary>Dimensions of one sample, without the batch.</summary>
    public int[] Dimensions { get; } = dimensions;
}
