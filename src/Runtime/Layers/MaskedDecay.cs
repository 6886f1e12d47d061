using System.Runtime.Intrinsics;

namespace SparseSharp.Layers;

/// <summary>The gradient of SR-STE: <c>scale·g + decay·(1 - m)·w</c>, written over g.</summary>
internal static unsafe class MaskedDecay
{
    /// <summary>Rows <c>[first, end)</c> of a weight with its gradient, row-major.</summary>
    public static void Add(Mask mask, int first, int end, Parameter weight, float decay, float scale)
    {
        var columns = mask.Columns;
        for (var row = first; row < end; row++)
        {
            var words = mask.Row(row);
            var w = weight.Buffer.Pointer + ((nint)row * columns);
            var g = weight.GradientPointer + ((nint)row * columns);
            var c = 0;
            if (Vector512.IsHardwareAccelerated)
                c = AddVectors(words, w, g, columns, decay, scale);
            for (; c < columns; c++)
            {
                var masked = (words[c >> 6] >> (c & 63) & 1) == 0;
                g[c] = masked ? MathF.FusedMultiplyAdd(decay, w[c], scale * g[c]) : scale * g[c];
            }
        }
    }

    private static int AddVectors(ReadOnlySpan<ulong> words, float* w, float* g, int columns, float decay, float scale)
    {
        var bit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        var decays = Vector512.Create(decay);
        var scales = Vector512.Create(scale);
        var c = 0;
        for (; c + 16 <= columns; c += 16)
        {
            var kept = Vector512.Create((int)(words[c >> 6] >> (c & 63)) & 0xFFFF) & bit;
            var lambda = Vector512.ConditionalSelect(Vector512.Equals(kept, Vector512<int>.Zero).AsSingle(), decays, Vector512<float>.Zero);
            Vector512.Store(Vector512.FusedMultiplyAdd(lambda, Vector512.Load(w + c), scales * Vector512.Load(g + c)), g + c);
        }
        return c;
    }
}
