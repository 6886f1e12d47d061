using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Numerics;

/// <summary>
/// Products with Sylvester's Hadamard matrices, <c>H[i][j] = 1</c> where <c>i AND j</c> has an even number of bits and else -1, by
/// <c>n·log2 n</c> additions.
/// </summary>
internal static unsafe class HadamardTransform
{
    /// <summary>The rows of the smallest matrix that has so many.</summary>
    /// <param name="rows">Rows, from 1 to 2^30.</param>
    public static int SizeOf(int rows) => (int)BitOperations.RoundUpToPowerOf2((uint)rows);

    /// <summary>An element of the matrix, of whatever size.</summary>
    public static int Sign(int row, int column) => 1 - (2 * (BitOperations.PopCount((uint)(row & column)) & 1));

    /// <summary>Transforms columns in place, as many as a vector has lanes: <c>x = H·x</c>.</summary>
    /// <param name="values">The first row.</param>
    /// <param name="rows">Rows, a power of two.</param>
    /// <param name="stride">From a row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns<TLanes>(float* values, int rows, nint stride)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        for (var half = 1; half < rows; half *= 2)
        {
            for (var first = 0; first < rows; first += 2 * half)
            {
                var upper = values + (first * stride);
                var lower = upper + (half * stride);
                for (var row = 0; row < half; row++, upper += stride, lower += stride)
                {
                    var (u, v) = (TLanes.Load(upper), TLanes.Load(lower));
                    (u + v).Store(upper);
                    (u - v).Store(lower);
                }
            }
        }
    }

    /// <summary>Transforms a vector in place: <c>x = H·x</c>.</summary>
    /// <param name="values">The values.</param>
    /// <param name="length">How many, a power of two.</param>
    public static void Vector(float* values, int length)
    {
        for (var half = 1; half < length; half *= 2)
        {
            for (var first = 0; first < length; first += 2 * half)
                Butterfly(values + first, values + first + half, half);
        }
    }

    /// <summary><c>(u, v) = (u + v, u - v)</c>.</summary>
    private static void Butterfly(float* upper, float* lower, int count)
    {
        var index = 0;
        for (; index <= count - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var (u, v) = (Vector256.Load(upper + index), Vector256.Load(lower + index));
            (u + v).Store(upper + index);
            (u - v).Store(lower + index);
        }
        for (; index < count; index++)
            (upper[index], lower[index]) = (upper[index] + lower[index], upper[index] - lower[index]);
    }
}
