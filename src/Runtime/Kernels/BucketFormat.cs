using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>
/// How the kept weights of a block of four rows are stored: in steps of four weights, one of each row, so that a step always has the
/// same multiply-adds. Formats differ in how many columns of the input a step loads for them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum BucketFormat
{
    /// <summary>
    /// Two columns per step: one that two rows keep, one that the other two keep. Three lists, one per way to part the rows; only for masks
    /// that consist of such pairs.
    /// </summary>
    Pairs,

    /// <summary>The three lists of pairs, then a list of singles.</summary>
    PairsAndSingles,

    /// <summary>Four columns per step, one for each row. A single list.</summary>
    Singles,
}
