namespace SparseSharp;

/// <summary>Which weights share a learned threshold.</summary>
public enum ThresholdScope
{
    /// <summary>The weights of one output feature.</summary>
    PerOutputChannel,

    /// <summary>All weights of the layer.</summary>
    PerLayer,

    /// <summary>None: each has its own.</summary>
    PerWeight,
}
