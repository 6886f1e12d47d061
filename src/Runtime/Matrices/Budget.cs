namespace SparseSharp.Matrices;

/// <summary>How many weights a share of them is.</summary>
internal static class Budget
{
    /// <summary><c>ceil(share·count)</c>, without what rounding adds to a product that is a whole number.</summary>
    public static long Weights(double share, long count) => Math.Clamp((long)Math.Ceiling((share * count) - 1e-9), 1, count);
}
