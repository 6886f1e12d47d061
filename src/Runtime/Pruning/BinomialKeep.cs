namespace SparseSharp.Pruning;

/// <summary>
/// How many weights of a group to keep, so that hardly any group of an unstructured sparse layer loses one (Hubara et al., 2021).
/// </summary>
internal static class BinomialKeep
{
    /// <summary>Share of the groups that must have as many zeros as are dropped.</summary>
    private const double Confidence = .95;

    /// <summary>
    /// The smallest N for which more than 95 % of groups have M - N zeros, if every weight is 0 with the probability
    /// <paramref name="sparsity"/>; at least 1, where the paper would drop whole groups.
    /// </summary>
    public static int Choose(double sparsity, int group)
    {
        var atLeast = 0.0;
        for (var zeros = group; zeros > 0; zeros--)
        {
            atLeast += Binomial(group, zeros) * Math.Pow(sparsity, zeros) * Math.Pow(1 - sparsity, group - zeros);
            if (atLeast > Confidence)
                return Math.Max(1, group - zeros);
        }
        return group;
    }

    private static double Binomial(int all, int chosen)
    {
        var count = 1.0;
        for (var i = 0; i < chosen; i++)
            count *= (all - i) / (i + 1.0);
        return count;
    }
}
