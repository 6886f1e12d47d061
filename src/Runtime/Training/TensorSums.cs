using System.Numerics.Tensors;

namespace SparseSharp.Training;

internal static class TensorSums
{
    /// <summary>The sum from first to last: the order is part of the result.</summary>
    public static double InOrder(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    /// <summary>Adds values to sums in double.</summary>
    /// <param name="values">The values.</param>
    /// <param name="wide">Room for them in double.</param>
    /// <param name="sums">What they are added to.</param>
    public static void Add(ReadOnlySpan<float> values, Span<double> wide, Span<double> sums)
    {
        TensorPrimitives.ConvertTruncating<float, double>(values, wide);
        TensorPrimitives.Add(sums, wide, sums);
    }
}
