namespace SparseSharp;

/// <summary>What becomes of a mask once masked weights get no gradient any more.</summary>
public enum AfterZero
{
    /// <summary>It stays as it is.</summary>
    FreezeMask,

    /// <summary>
    /// It follows the thresholds, which go on learning: kept weights that fall below theirs are dropped, and a falling one brings weights
    /// back. For learned thresholds only.
    /// </summary>
    FollowThreshold,
}
