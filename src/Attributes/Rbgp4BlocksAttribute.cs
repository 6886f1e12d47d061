using System;

namespace SparseSharp;

/// <summary>
/// Block sparsity by graphs: the mask is a product of four bipartite graphs (RBGP4, Vooturi et al., 2020), of which the sparse ones are
/// proven to be Ramanujan graphs at compile time. It is fixed before training; only kept weights exist. On a class it is the default of its
/// layers; on a layer it wins over the class.
/// </summary>
/// <remarks><c>[BlockSparse(RBGP4)]</c> with the same properties is the same.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class Rbgp4BlocksAttribute : Attribute
{
    /// <summary>
    /// Share of the weights that do not exist: 0.5, 0.75, 0.875, 0.9375, 0.96875 or 0.984375. It may be left out beside <see
    /// cref="Factors"/>.
    /// </summary>
    public double Sparsity { get; set; }

    /// <summary>Layers of equal shape and seed have the same mask.</summary>
    public ulong Seed { get; set; }

    /// <summary>How the graphs are made.</summary>
    public BaseGraph Base { get; set; }

    /// <inheritdoc cref="BlockSparseAttribute.Factors"/>
    public int[] Factors { get; set; } = [];
}
