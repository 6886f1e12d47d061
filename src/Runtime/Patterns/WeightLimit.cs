using SparseSharp.Numerics;

namespace SparseSharp.Patterns;

/// <summary>
/// How large weights may be, so that what products make of them is finite: a float near the largest one becomes infinite in bfloat16, or
/// times a factor.
/// </summary>
internal static class WeightLimit
{
    /// <summary>The first weight that products would make infinite, in words, or null.</summary>
    /// <param name="weight">Weights <c>[rows, columns]</c>, row-major.</param>
    /// <param name="pattern">The pattern, or null.</param>
    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    /// <param name="layer">What to call the layer.</param>
    public static string? Fault(ReadOnlySpan<float> weight, SparsityPattern? pattern, int rows, int columns, bool rounds, string layer)
    {
        var limit = Of(pattern, rows, columns, rounds);
        if (Peak.Of(weight) <= limit)
            return null;
        var place = 0;
        while (MathF.Abs(weight[place]) <= limit)
            place++;
        return $"{weight[place]} at {FiniteValues.Position(place, [rows, columns])}, which products of {layer} would make infinite: it "
            + $"takes magnitudes up to {limit}";
    }

    /// <summary>The largest magnitude.</summary>
    private static float Of(SparsityPattern? pattern, int rows, int columns, bool rounds)
    {
        var most = rounds ? BFloat16.LargestRounded : float.MaxValue;
        // Soft-thresholded weights times their factor have no larger norm than the weights.
        var isScaled =
            pattern is NMPattern { Policy: MaskPolicy.SoftThreshold } or NMPattern { Annealing: not null, Mode: NMAnnealing.SoftNM };
        return isScaled ? most / MathF.Sqrt((float)rows * columns) : most;
    }
}
