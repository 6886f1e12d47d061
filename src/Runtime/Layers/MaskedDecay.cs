using System.Runtime.Intrinsics;

namespace SparseSharp.Layers;

/// <summary>The gradient that a mask leaves of one: <c>scale·g·(m + alpha·(1 - m)) + decay·(1 - m)·w</c>, as <see cref="GradientRule"/> says.</summary>
internal static unsafe class MaskedDecay
{
    /// <summary>Computes a part of one row.</summary>
    /// <param name="words">Mask bits of the row.</param>
    /// <param name="first">First column, a multiple of 16.</param>
    /// <param name="weight">Master weights from the first column on.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="result">Receives the sum.</param>
    /// <param name="rule">Alpha and decay.</param>
    /// <param name="scale">Factor on the gradient.</param>
    public static void Compute(
        ReadOnlySpan<ulong> words, int first, ReadOnlySpan<float> weight, ReadOnlySpan<float> gradient, Span<float> result, GradientRule rule, float scale)
    {
        var i = 0;
        var masked = scale * rule.Alpha;
        fixed (float* w = weight)
        fixed (float* g = gradient)
        fixed (float* target = result)
        {
            if (Vector512.IsHardwareAccelerated)
                i = Compute512(words, first, w, g, target, weight.Length, rule.Decay, scale, masked);
            else if (Vector256.IsHardwareAccelerated)
                i = Compute256(words, first, w, g, target, weight.Length, rule.Decay, scale, masked);
        }
        for (; i < weight.Length; i++)
        {
            var column = first + i;
            var kept = (words[column >> 6] >> (column & 63) & 1) != 0;
            result[i] = kept ? scale * gradient[i] : MathF.FusedMultiplyAdd(rule.Decay, weight[i], masked * gradient[i]);
        }
    }

    private static int Compute512(ReadOnlySpan<ulong> words, int first, float* w, float* g, float* target, int length, float decay, float scale, float masked)
    {
        var bit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        var decays = Vector512.Create(decay);
        var scales = Vector512.Create(scale);
        var maskedScales = Vector512.Create(masked);
        var i = 0;
        for (; i + 16 <= length; i += 16)
        {
            var column = first + i;
            var kept = Vector512.Create((int)(words[column >> 6] >> (column & 63)) & 0xFFFF) & bit;
            var without = Vector512.Equals(kept, Vector512<int>.Zero).AsSingle();
            var lambda = Vector512.ConditionalSelect(without, decays, Vector512<float>.Zero);
            var share = Vector512.ConditionalSelect(without, maskedScales, scales);
            Vector512.Store(Vector512.FusedMultiplyAdd(lambda, Vector512.Load(w + i), share * Vector512.Load(g + i)), target + i);
        }
        return i;
    }

    private static int Compute256(ReadOnlySpan<ulong> words, int first, float* w, float* g, float* target, int length, float decay, float scale, float masked)
    {
        var bit = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        var decays = Vector256.Create(decay);
        var scales = Vector256.Create(scale);
        var maskedScales = Vector256.Create(masked);
        var i = 0;
        for (; i + 8 <= length; i += 8)
        {
            var column = first + i;
            var kept = Vector256.Create((int)(words[column >> 6] >> (column & 63)) & 0xFF) & bit;
            var without = Vector256.Equals(kept, Vector256<int>.Zero).AsSingle();
            var lambda = Vector256.ConditionalSelect(without, decays, Vector256<float>.Zero);
            var share = Vector256.ConditionalSelect(without, maskedScales, scales);
            Vector256.Store(Vector256.FusedMultiplyAdd(lambda, Vector256.Load(w + i), share * Vector256.Load(g + i)), target + i);
        }
        return i;
    }
}
