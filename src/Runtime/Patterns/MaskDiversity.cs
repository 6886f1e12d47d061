namespace SparseSharp.Patterns;

/// <summary>
/// How many masks a pattern leaves to choose from, counted exactly. The product of factorials that is quoted for transposable ones counts
/// too many where N is more than 1.
/// </summary>
internal static class MaskDiversity
{
    /// <summary>Weights that the figure is for: the tile of the usual comparisons is 8 by 8.</summary>
    public const int Weights = 64;

    /// <summary>Largest tile that is counted: the number of states grows fast.</summary>
    private const int LargestTile = 8;

    /// <summary>Log10 of the number of masks of 64 weights, or null for a transposable pattern of more than 8.</summary>
    public static double? Log10(NMPattern pattern)
    {
        var (keep, group) = (pattern.Keep, pattern.Group);
        if (!pattern.Transposable)
            return Weights / (double)group * Math.Log10(Choose(group, keep));
        if (group > LargestTile)
            return null;
        var columns = new int[keep + 1];
        columns[keep] = group;
        return Weights / (double)(group * group) * Math.Log10(CountTiles(group, keep, columns, []));
    }

    /// <summary>Ways to fill rows with N each, if so many columns still need 0, 1, … N.</summary>
    private static double CountTiles(int rows, int keep, int[] columns, Dictionary<ulong, double> known)
    {
        if (rows == 0)
            return 1;
        var state = 0ul;
        foreach (var count in columns)
            state = (state * (LargestTile + 1)) + (ulong)count;
        // The columns say how many rows are left.
        if (!known.TryGetValue(state, out var ways))
            known[state] = ways = FillRow(1, keep, columns, (int[])columns.Clone());
        return ways;

        double FillRow(int need, int left, int[] before, int[] after)
        {
            if (need > keep)
                return left == 0 ? CountTiles(rows - 1, keep, after, known) : 0;
            var sum = 0.0;
            for (var taken = 0; taken <= Math.Min(left, before[need]); taken++)
            {
                after[need] -= taken;
                after[need - 1] += taken;
                sum += Choose(before[need], taken) * FillRow(need + 1, left - taken, before, after);
                after[need] += taken;
                after[need - 1] -= taken;
            }
            return sum;
        }
    }

    private static double Choose(int all, int chosen)
    {
        var count = 1.0;
        for (var i = 1; i <= chosen; i++)
            count = count * (all - chosen + i) / i;
        return count;
    }
}
