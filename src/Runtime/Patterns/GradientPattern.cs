using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// How the gradient of a layer's output is pruned along the batch before the product with the input: <paramref name="Keep"/> of every
/// <paramref name="Group"/> samples are left.
/// </summary>
/// <param name="Keep">N, samples kept.</param>
/// <param name="Group">M, samples in a group; at most 32.</param>
public sealed record GradientPattern(int Keep, int Group)
{
    /// <summary>For example <c>2:4</c>.</summary>
    public override string ToString() => $"{Keep}:{Group}";

    internal void Check()
    {
        if (!NMSettings.IsValid(Keep, Group))
            throw new ArgumentException(
                $"{Keep}:{Group} gradients are not possible: N must be at least 1 and less than M, and M at most {NMSettings.MaximumGroup}.");
    }
}
