namespace SparseSharp.Pruning;

/// <summary>
/// The kept weights of a group take up the mean of what the mask drops, so that the sum of the group stays (Hubara et al., 2021): exact for
/// inputs that are equal within a group.
/// </summary>
internal static class MeanAbsorption
{
    /// <summary>Drops masked weights and adds their sum over N to each kept weight of the group.</summary>
    /// <param name="weight">Weights <c>[rows, columns]</c>, row-major; changed in place.</param>
    /// <param name="mask">Their mask.</param>
    /// <param name="pattern">The pattern that the mask follows.</param>
    public static void Apply(Span<float> weight, Mask mask, NMPattern pattern)
    {
        for (var row = 0; row < mask.Rows; row++)
            for (var first = 0; first < mask.Columns; first += pattern.Group)
            {
                var group = weight.Slice((row * mask.Columns) + first, pattern.Group);
                var dropped = 0.0;
                for (var i = 0; i < group.Length; i++)
                    dropped += mask[row, first + i] ? 0 : group[i];
                for (var i = 0; i < group.Length; i++)
                    group[i] = mask[row, first + i] ? (float)(group[i] + (dropped / pattern.Keep)) : 0;
            }
    }
}
