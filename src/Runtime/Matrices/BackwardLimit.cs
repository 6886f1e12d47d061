namespace SparseSharp.Matrices;

/// <summary>A limit of how many weights get a gradient while masked weights get one at all.</summary>
internal static class BackwardLimit
{
    /// <summary>How many do: the kept ones always, which our source leaves out (a kept weight must not lose its gradient).</summary>
    /// <param name="kept">Kept weights.</param>
    /// <param name="density">The limit, as a share of all.</param>
    /// <param name="count">All weights.</param>
    public static long Count(long kept, double density, long count) => Math.Min(count, Math.Max(kept, Budget.Weights(density, count)));
}
