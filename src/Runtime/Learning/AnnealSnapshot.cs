using SparseSharp.Matrices;

namespace SparseSharp.Learning;

/// <summary>What annealing has made of a layer, beside weights and mask.</summary>
/// <param name="Thresholds">The parameters of learned thresholds, empty where there are none.</param>
/// <param name="Reached">Weights that get a gradient, or null where that is not limited.</param>
/// <param name="IsFrozen">Whether masked weights have stopped to learn.</param>
internal sealed record AnnealSnapshot(float[] Thresholds, Mask? Reached, bool IsFrozen)
{
    public static AnnealSnapshot Of(AnnealedMatrix store) =>
        new(store.Thresholds is { } thresholds ? [.. thresholds.Parameter.Values] : [], store.Reached?.Copy(), store.IsFrozen);
}
