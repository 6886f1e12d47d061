namespace SparseSharp;

/// <summary>
/// How a batch normalisation measures the spread of its values (Banner, Hubara, Hoffer and Soudry, 2018): by their range, which takes
/// fewer bits than their variance.
/// </summary>
public enum RangeNorm
{
    /// <summary>By the variance.</summary>
    None,

    /// <summary>By the range of all n values of a channel, over <c>sqrt(2 ln n)</c>, as the paper has it.</summary>
    Paper,

    /// <summary>By the mean of the ranges of 16 equal parts of the values, as the authors' code has it.</summary>
    AuthorCode,
}
