namespace SparseSharp;

/// <summary>How the lower half of a float is rounded away.</summary>
public enum BFloat16Rounding
{
    /// <summary>To the nearest value, of two equally near ones to that with an even mantissa. The default everywhere.</summary>
    NearestEven,

    /// <summary>To the nearest value, of two equally near ones to the larger magnitude.</summary>
    NearestAway,

    /// <summary>Towards zero.</summary>
    Truncate,
}
