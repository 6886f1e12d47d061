namespace SparseSharp.Numerics;

/// <summary>
/// A sum that halves its range until one number is left: the order is part of the result, and the error grows with the logarithm of the
/// length.
/// </summary>
internal static class PairwiseSum
{
    public static double Of(ReadOnlySpan<double> values) => values.Length switch
    {
        0 => 0,
        1 => values[0],
        _ => Of(values[..((values.Length + 1) / 2)]) + Of(values[((values.Length + 1) / 2)..]),
    };
}
