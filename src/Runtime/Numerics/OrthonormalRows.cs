using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Numerics;

/// <summary>Random orthonormal rows, the same on every machine: they follow from their shape alone.</summary>
/// <remarks>
/// Normal numbers are sums of twelve uniform ones, and Gram and Schmidt's method uses sums, products, quotients and square roots in one
/// order, so no bit depends on a mathematical library or on the width of vectors.
/// </remarks>
internal static class OrthonormalRows
{
    private const ulong Seed = 0x46697865_64526F77;
    private const int Uniforms = 12;

    /// <summary>Makes rows.</summary>
    /// <param name="rows">How many, at most as many as columns.</param>
    /// <param name="columns">Values of a row.</param>
    /// <returns>Row-major <c>[rows, columns]</c>.</returns>
    public static float[] Make(int rows, int columns)
    {
        var all = new double[rows][];
        for (var row = 0; row < rows; row++)
        {
            all[row] = Normal(row, columns);
            for (var before = 0; before < row; before++)
                AddProduct(all[row], -Dot(all[row], all[before]), all[before]);
            AddProduct(all[row], (1 / Math.Sqrt(Dot(all[row], all[row]))) - 1, all[row]);
        }
        var result = new float[(long)rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                result[((long)row * columns) + column] = (float)all[row][column];
        }
        return result;
    }

    private static double[] Normal(int row, int columns)
    {
        var values = new double[columns];
        for (var column = 0; column < columns; column++)
        {
            var sum = -Uniforms / 2.0;
            for (var part = 0u; part < Uniforms / 4; part++)
            {
                var (a, b, c, d) = Philox.Next(Seed, (uint)row, (uint)column, part, (uint)Philox.Purpose.Initialisation);
                sum += (double)Philox.Uniform(a) + Philox.Uniform(b) + Philox.Uniform(c) + Philox.Uniform(d);
            }
            values[column] = sum;
        }
        return values;
    }

    private static double Dot(double[] left, double[] right)
    {
        var sums = Vector256<double>.Zero;
        var lefts = Vectors(left);
        var rights = Vectors(right);
        for (var i = 0; i < lefts.Length; i++)
            sums += lefts[i] * rights[i];
        var sum = sums[0] + sums[1] + sums[2] + sums[3];
        for (var i = lefts.Length * Vector256<double>.Count; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary><c>target += factor·values</c>, where both may be one array.</summary>
    private static void AddProduct(double[] target, double factor, double[] values)
    {
        var targets = Vectors(target);
        var vectors = Vectors(values);
        for (var i = 0; i < targets.Length; i++)
            targets[i] += vectors[i] * factor;
        for (var i = targets.Length * Vector256<double>.Count; i < target.Length; i++)
            target[i] += values[i] * factor;
    }

    private static Span<Vector256<double>> Vectors(double[] values) => MemoryMarshal.Cast<double, Vector256<double>>(values.AsSpan());
}
