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
}
