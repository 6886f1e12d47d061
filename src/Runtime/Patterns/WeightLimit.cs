using SparseSharp.Numerics;

namespace SparseSharp.Patterns;

/// <summary>How large weights may be, so that what products make of them is finite: a float near the largest one becomes infinite in bfloat16, or times a factor.</summary>
internal static class WeightLimit
{
    /// <summary>The largest magnitude.</summary>
    /// <param name="pattern">The pattern, or null.</param>
    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    public static float Of(SparsityPattern? pattern, int rows, int columns, bool rounds)
    {
        var most = rounds ? BFloat16.LargestRounded : float.MaxValue;
        // Soft-thresholded weights times their factor have no larger norm than the weights.
        var isScaled = pattern is NMPattern { Policy: MaskPolicy.SoftThreshold } or NMPattern { Annealing: not null, Mode: NMAnnealing.SoftNM };
        return isScaled ? most / MathF.Sqrt((float)rows * columns) : most;
    }

    /// <summary>The first value that is larger than a limit or no number, or -1.</summary>
    public static int FirstBeyond(ReadOnlySpan<float> values, float limit)
    {
        if (Peak.Of(values) <= limit)
            return -1;
        var index = 0;
        while (MathF.Abs(values[index]) <= limit)
            index++;
        return index;
    }
}
