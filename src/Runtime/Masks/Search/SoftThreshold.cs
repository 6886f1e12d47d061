using System.Runtime.Intrinsics;

namespace SparseSharp.Masks.Search;

/// <summary>
/// The soft threshold of S-STE (Hu et al., 2024): with <c>t</c> the largest magnitude that the mask drops from a group,
/// <c>soft(w) = sign(w)·max(|w| - t, 0)</c>. Under the mask of the largest magnitudes t is the (M-N)-th smallest one, and what is dropped
/// becomes 0.
/// </summary>
internal static unsafe class SoftThreshold
{
    /// <summary>Writes <c>scale·soft(w)</c> for one row.</summary>
    /// <param name="group">M; divides the columns.</param>
    /// <param name="weight">Weights of the row.</param>
    /// <param name="columns">Weights in the row.</param>
    /// <param name="words">The mask of the row.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="result">Receives the row; may be <paramref name="weight"/> itself.</param>
    public static void Apply(int group, float* weight, int columns, ReadOnlySpan<ulong> words, float scale, float* result)
    {
        var done = 0;
        if (Vector512.IsHardwareAccelerated && group is 2 or 4 or 8 or 16)
            done = Apply512(group, weight, columns, words, scale, result);
        else if (Vector256.IsHardwareAccelerated && group is 2 or 4 or 8)
            done = Apply256(group, weight, columns, words, scale, result);
        for (var first = done; first < columns; first += group)
        {
            var threshold = Threshold(new(weight + first, group), MaskBits.Read(words, first, group));
            for (var i = first; i < first + group; i++)
                result[i] = MathF.CopySign(scale * MathF.Max(MathF.Abs(weight[i]) - threshold, 0), weight[i]);
        }
    }

    /// <summary>
    /// The factor that brings soft-thresholded weights closest to the weights: <c>⟨W, soft(W)⟩ / ‖soft(W)‖²</c>, and 1 where nothing is
    /// left of them.
    /// </summary>
    /// <param name="group">M; divides the columns.</param>
    /// <param name="weight">Weights, of the shape of the mask.</param>
    /// <param name="mask">The mask.</param>
    public static double Scale(int group, ReadOnlySpan<float> weight, Mask mask)
    {
        var (product, squares) = (0.0, 0.0);
        for (var row = 0; row < mask.Rows; row++)
        {
            for (var first = 0; first < mask.Columns; first += group)
            {
                var weights = weight.Slice((row * mask.Columns) + first, group);
                var threshold = Threshold(weights, MaskBits.Read(mask.Row(row), first, group));
                foreach (double value in weights)
                {
                    var soft = Math.Max(Math.Abs(value) - threshold, 0);
                    product += Math.Abs(value) * soft;
                    squares += soft * soft;
                }
            }
        }
        return squares == 0 ? 1 : product / squares;
    }

    private static float Threshold(ReadOnlySpan<float> weights, uint kept)
    {
        var threshold = 0f;
        for (var i = 0; i < weights.Length; i++)
        {
            if ((kept >> i & 1) == 0)
                threshold = MathF.Max(threshold, MathF.Abs(weights[i]));
        }
        return threshold;
    }

    /// <summary>
    /// Whole vectors of groups; returns how many columns they are. Lanes of a group meet by exchanges over 1, 2, 4 and 8 lanes.
    /// </summary>
    private static int Apply512(int group, float* weight, int columns, ReadOnlySpan<ulong> words, float scale, float* result)
    {
        var bit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        var scales = Vector512.Create(scale);
        var sign = Vector512.Create(-0.0f);
        var i = 0;
        for (; i + 16 <= columns; i += 16)
        {
            var own = Vector512.Load(weight + i);
            var magnitude = Vector512.Abs(own);
            var kept = Vector512.Create((int)(words[i >> 6] >> (i & 63)) & 0xFFFF) & bit;
            var threshold = Vector512.Equals(kept, Vector512<int>.Zero).AsSingle() & magnitude;
            threshold = Vector512.Max(
                threshold, Vector512.Shuffle(threshold, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)));
            if (group > 2)
                threshold = Vector512.Max(
                    threshold, Vector512.Shuffle(threshold, Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)));
            if (group > 4)
                threshold = Vector512.Max(
                    threshold, Vector512.Shuffle(threshold, Vector512.Create(4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)));
            if (group > 8)
                threshold = Vector512.Max(
                    threshold, Vector512.Shuffle(threshold, Vector512.Create(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)));
            var soft = scales * Vector512.Max(magnitude - threshold, Vector512<float>.Zero);
            Vector512.Store(soft | (own & sign), result + i);
        }
        return i;
    }

    /// <summary>As <see cref="Apply512"/>, with eight lanes.</summary>
    private static int Apply256(int group, float* weight, int columns, ReadOnlySpan<ulong> words, float scale, float* result)
    {
        var bit = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        var scales = Vector256.Create(scale);
        var sign = Vector256.Create(-0.0f);
        var i = 0;
        for (; i + 8 <= columns; i += 8)
        {
            var own = Vector256.Load(weight + i);
            var magnitude = Vector256.Abs(own);
            var kept = Vector256.Create((int)(words[i >> 6] >> (i & 63)) & 0xFF) & bit;
            var threshold = Vector256.Equals(kept, Vector256<int>.Zero).AsSingle() & magnitude;
            threshold = Vector256.Max(threshold, Vector256.Shuffle(threshold, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)));
            if (group > 2)
                threshold = Vector256.Max(threshold, Vector256.Shuffle(threshold, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)));
            if (group > 4)
                threshold = Vector256.Max(threshold, Vector256.Shuffle(threshold, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)));
            var soft = scales * Vector256.Max(magnitude - threshold, Vector256<float>.Zero);
            Vector256.Store(soft | (own & sign), result + i);
        }
        return i;
    }
}
