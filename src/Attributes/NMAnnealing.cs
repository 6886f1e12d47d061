namespace SparseSharp;

/// <summary>What <see cref="GradientAnnealAttribute"/> does to a layer that has an N:M pattern too.</summary>
public enum NMAnnealing
{
    /// <summary>Kept weights are used as they are; the mask follows magnitudes, row-wise or transposable, until the share is 0.</summary>
    HardNM,

    /// <summary>
    /// Kept weights are brought down by the largest magnitude that their group masks, and scaled (S-STE, Hu et al., 2024). Row-wise
    /// patterns only.
    /// </summary>
    SoftNM,

    /// <summary>
    /// Weights are kept that the pattern keeps and that exceed a learned threshold too, by which they are brought down: at most N of every
    /// M.
    /// </summary>
    Intersect,
}
