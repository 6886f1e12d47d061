using System;

namespace SparseSharp;

/// <summary>
/// Prunes the input of a layer: of every M consecutive values the N largest magnitudes are kept as they are, of equal ones those with the
/// lowest index. On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
/// <param name="keep">N, the values kept in a group; at least 1 and less than <paramref name="group"/>.</param>
/// <param name="group">M, the size of a group; at most 32.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class NMActivationsAttribute(int keep, int group) : Attribute
{
    /// <summary>N, the values kept in a group.</summary>
    public int Keep { get; } = keep;

    /// <summary>M, the size of a group.</summary>
    public int Group { get; } = group;

    /// <summary>The direction of the groups; <see cref="PruneAlong.Features"/> unless said otherwise.</summary>
    public PruneAlong Along { get; set; }

    /// <summary>
    /// Whether the gradient of the input passes unchanged to dropped values too, instead of being 0 there as is right; for
    /// <see cref="PruneAlong.Features"/>.
    /// </summary>
    public bool StraightThrough { get; set; }
}
