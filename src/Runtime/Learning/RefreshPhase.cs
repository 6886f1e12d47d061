namespace SparseSharp.Learning;

/// <summary>What groups of rows do one after the other where the whole layer has to be known in between.</summary>
internal enum RefreshPhase
{
    /// <summary>The mask of each group is found.</summary>
    Find,

    /// <summary>The weights of each group are packed.</summary>
    Pack,
}
