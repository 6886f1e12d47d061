namespace SparseSharp.Numerics;

/// <summary>Random orders as a function of a seed and an epoch.</summary>
internal static class Permutation
{
    /// <summary>The stream of orders that do not belong to an epoch.</summary>
    public const uint NoEpoch = uint.MaxValue;

    /// <summary>Fills <paramref name="order"/> with 0, 1, 2 … in random order (Fisher and Yates, 1938; Durstenfeld's form).</summary>
    public static void Fill(Span<int> order, ulong seed, uint epoch)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        for (var i = order.Length - 1; i > 0; i--)
        {
            // 64 random bits against at most 2³¹ places: no measurable bias.
            var (a, b, _, _) = Philox.Next(seed, (uint)i, 0, epoch, (uint)Philox.Purpose.Shuffle);
            var other = (int)Math.BigMul(((ulong)b << 32) | a, (ulong)i + 1, out _);
            (order[i], order[other]) = (order[other], order[i]);
        }
    }
}
