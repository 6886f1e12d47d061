using System.Runtime.Intrinsics;

namespace SparseSharp.Matrices;

/// <summary>
/// Brings packed weights down by the thresholds of their rows, as <see cref="LearnedThreshold"/> says; all weights of a row share one.
/// </summary>
internal static unsafe class PackedThresholds
{
    /// <summary>Fills the packed weights in use.</summary>
    /// <param name="packed">Receives them.</param>
    /// <param name="first">First row, of a whole block.</param>
    /// <param name="end">The first row behind the last one.</param>
    /// <param name="thresholds">g.</param>
    /// <param name="source">Master weights in the same order; may be those of <paramref name="packed"/> themselves.</param>
    public static void Apply(BucketWeights packed, int first, int end, ThresholdValues thresholds, float* source)
    {
        for (var depthBlock = 0; depthBlock < packed.DepthBlocks; depthBlock++)
        {
            for (var block = first / 4; block * 4 < end; block++)
            {
                var counts = packed.Counts + packed.CountOffset(depthBlock, block);
                var at = packed.ValueOffset(depthBlock, block);
                for (var list = 0; list < packed.Lists; at += 4 * counts[list], list++)
                {
                    if (counts[list] == 0)
                        continue;
                    var own = Vector128.Create(Threshold(0), Threshold(1), Threshold(2), Threshold(3));
                    Apply(source + at, counts[list], own, packed.Values.Pointer + at);

                    float Threshold(int lane) =>
                        *thresholds.Row(Math.Min(packed.RowOf(depthBlock, block, list, lane), packed.Rows - 1), packed.Depth);
                }
            }
        }
    }

    private static void Apply(float* source, int quads, Vector128<float> threshold, float* result)
    {
        for (var i = 0; i < 4 * quads; i += 4)
        {
            var own = Vector128.Load(source + i);
            var excess = Vector128.Abs(own) - threshold;
            var signed = excess | (own & Vector128.Create(-0f));
            Vector128.Store(signed & Vector128.GreaterThan(excess, Vector128<float>.Zero), result + i);
        }
    }
}
