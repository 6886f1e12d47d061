using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Numerics;

/// <summary>The largest magnitude of floats, at the speed at which they are read.</summary>
internal static class Peak
{
    private const int Magnitude = 0x7FFF_FFFF;

    /// <summary>The largest magnitude; infinite or NaN if any value is, and 0 if there are none.</summary>
    /// <remarks>
    /// Without the sign, bits of floats order as their magnitudes do, with NaN above infinity: no value that is not finite gets lost.
    /// </remarks>
    public static float Of(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, int>(values);
        ref var first = ref MemoryMarshal.GetReference(bits);
        var lanes = Vector512<int>.Count;
        var mask = Vector512.Create(Magnitude);
        var (even, odd) = (Vector512<int>.Zero, Vector512<int>.Zero);
        var i = 0;
        for (; i <= bits.Length - (2 * lanes); i += 2 * lanes)
        {
            even = Vector512.Max(even, Vector512.LoadUnsafe(ref first, (nuint)i) & mask);
            odd = Vector512.Max(odd, Vector512.LoadUnsafe(ref first, (nuint)(i + lanes)) & mask);
        }
        var lower = Vector512.Max(even, odd);
        var half = Vector256.Max(lower.GetLower(), lower.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        var largest = Math.Max(Math.Max(quarter[0], quarter[1]), Math.Max(quarter[2], quarter[3]));
        for (; i < bits.Length; i++)
            largest = Math.Max(largest, bits[i] & Magnitude);
        return BitConverter.Int32BitsToSingle(largest);
    }

    /// <summary>The larger of two results of <see cref="Of"/>; what is not finite stays.</summary>
    public static float Larger(float first, float second) =>
        BitConverter.Int32BitsToSingle(
            Math.Max(BitConverter.SingleToInt32Bits(first) & Magnitude, BitConverter.SingleToInt32Bits(second) & Magnitude));
}
