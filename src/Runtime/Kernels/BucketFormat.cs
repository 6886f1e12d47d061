using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>
/// How the kept weights of a block of four rows are stored: in quads of four weights, one of each row, so that a quad always has the
/// same multiply-adds. Formats differ in how many columns of the input a quad loads for them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum BucketFormat
{
    /// <summary>
    /// Two columns per quad: one that two rows keep, one that the other two keep. Three lists, one per way to part the rows; only for masks
    /// that consist of such pairs.
    /// </summary>
    Pairs,

    /// <summary>The three lists of pairs, then a list of singles.</summary>
    PairsAndSingles,

    /// <summary>Four columns per quad, one for each row. A single list.</summary>
    Singles,
}
