using System.Runtime.Intrinsics;

namespace SparseSharp.Numerics;

/// <summary>A sum of squares in double precision with a fixed order of addition.</summary>
internal static class SumOfSquares
{
    public static double Compute(ReadOnlySpan<float> values)
    {
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; i + 4 <= values.Length; i += 4)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(values.Slice(i, 4)));
            var wide = Vector256.Create(low, high);
            sums += wide * wide;
        }
        var sum = Vector256.Sum(sums);
        for (; i < values.Length; i++)
            sum += (double)values[i] * values[i];
        return sum;
    }
}
