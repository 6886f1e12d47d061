using System.Numerics;
using SparseSharp.Numerics;

namespace SparseSharp.Masks.Search;

/// <summary>
/// The second mask of Bi-Mask (Zhang et al., 2023): after a permutation of the output features, every M consecutive weights of a column
/// keep at most N of those that the first mask keeps, the largest. Of some random permutations it takes the one that leaves most.
/// </summary>
internal static unsafe class PermutedColumns
{
    private const int Candidates = 100;

    /// <summary>Finds the mask for weights <c>[out, in]</c>.</summary>
    /// <param name="shape">N and M.</param>
    /// <param name="weight">The weights; those that <paramref name="mask"/> drops are not looked at.</param>
    /// <param name="mask">The mask of the forward product.</param>
    /// <param name="seed">Another one gives other permutations.</param>
    /// <param name="target">Receives a part of <paramref name="mask"/>.</param>
    public static void Find(NMShape shape, float* weight, Mask mask, ulong seed, Mask target)
    {
        var order = BestOrder(shape, mask, seed);
        Span<ulong> reached = stackalloc ulong[shape.Keep + 1];
        for (var first = 0; first < order.Length; first += shape.Group)
        {
            var rows = order.AsSpan(first, Math.Min(shape.Group, order.Length - first));
            for (var word = 0; word < mask.WordsPerRow; word++)
            {
                Count(mask, rows, word, reached);
                foreach (var row in rows)
                    target.Row(row)[word] = mask.Row(row)[word];
                for (var crowded = reached[shape.Keep]; crowded != 0; crowded &= crowded - 1)
                    KeepLargest(shape.Keep, weight, (word * 64) + BitOperations.TrailingZeroCount(crowded), rows, target);
            }
        }
    }

    /// <summary>The permutation that leaves most weights; of equal ones the first.</summary>
    public static int[] BestOrder(NMShape shape, Mask mask, ulong seed)
    {
        var (best, order) = (new int[mask.Rows], new int[mask.Rows]);
        var most = -1L;
        for (uint candidate = 0; candidate < Candidates; candidate++)
        {
            Permutation.Fill(order, seed, candidate);
            var left = Left(shape, mask, order);
            if (left <= most)
                continue;
            most = left;
            (best, order) = (order, best);
        }
        return best;
    }

    /// <summary>Weights that are left under a permutation.</summary>
    public static long Left(NMShape shape, Mask mask, ReadOnlySpan<int> order)
    {
        Span<ulong> reached = stackalloc ulong[shape.Keep + 1];
        var left = 0L;
        for (var first = 0; first < order.Length; first += shape.Group)
        {
            var rows = order.Slice(first, Math.Min(shape.Group, order.Length - first));
            for (var word = 0; word < mask.WordsPerRow; word++)
            {
                Count(mask, rows, word, reached);
                foreach (var columns in reached[..shape.Keep])
                    left += BitOperations.PopCount(columns);
            }
        }
        return left;
    }

    /// <summary>For 64 columns at once: bit c of <c>reached[n]</c> says whether more than n of the rows keep column c.</summary>
    private static void Count(Mask mask, ReadOnlySpan<int> rows, int word, Span<ulong> reached)
    {
        reached.Clear();
        foreach (var row in rows)
        {
            var kept = mask.Row(row)[word];
            for (var n = reached.Length - 1; n > 0; n--)
                reached[n] |= reached[n - 1] & kept;
            reached[0] |= kept;
        }
    }

    /// <summary>Drops the smallest weights of a column until N are left; of equal ones those that come last in the order.</summary>
    private static void KeepLargest(int keep, float* weight, int column, ReadOnlySpan<int> rows, Mask target)
    {
        var kept = 0;
        foreach (var row in rows)
            kept += target[row, column] ? 1 : 0;
        for (; kept > keep; kept--)
        {
            var (smallest, at) = (float.PositiveInfinity, -1);
            foreach (var row in rows)
            {
                var magnitude = MathF.Abs(weight[((nint)row * target.Columns) + column]);
                if (target[row, column] && magnitude <= smallest)
                    (smallest, at) = (magnitude, row);
            }
            target[at, column] = false;
        }
    }
}
