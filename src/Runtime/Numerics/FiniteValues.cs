using System.Globalization;
using System.Numerics.Tensors;

namespace SparseSharp.Numerics;

/// <summary>Looks for values that are infinite or not a number.</summary>
internal static class FiniteValues
{
    /// <summary>Whether all values are finite, as those of an empty array are.</summary>
    public static bool Are(ReadOnlySpan<float> values) => values.IsEmpty || TensorPrimitives.IsFiniteAll(values);

    /// <summary>Throws unless all values of a tensor are finite: before it replaces one in a file.</summary>
    /// <param name="layer">Path of the layer.</param>
    /// <param name="tensor">Name of the tensor.</param>
    /// <param name="values">Its values.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="NotFiniteNumberException">A value is not; the message names it.</exception>
    public static void Check(string layer, string tensor, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (Are(values))
            return;
        var index = First(values);
        throw new NotFiniteNumberException(
            string.Create(CultureInfo.InvariantCulture, $"Layer {layer}: {tensor}{Position(index, shape)} is {values[index]}, which no "
                + $"file may hold: nothing was written. The training has probably diverged."),
            values[index]);
    }

    /// <summary>The first value that is not finite.</summary>
    public static int First(ReadOnlySpan<float> values)
    {
        var index = 0;
        while (float.IsFinite(values[index]))
            index++;
        return index;
    }

    /// <summary>A place in an array of some shape, for example <c>[3, 5]</c>.</summary>
    public static string Position(long index, ReadOnlySpan<long> shape)
    {
        var indices = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--)
            (index, indices[d]) = Math.DivRem(index, Math.Max(1, shape[d]));
        return $"[{string.Join(", ", indices)}]";
    }
}
