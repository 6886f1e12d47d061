using System.Numerics.Tensors;

namespace SparseSharp.Pruning;

/// <summary>Solves <c>A·x = b</c> for a symmetric positive definite matrix by its factor <c>A = L·Lᵀ</c>, in double precision.</summary>
internal static class Cholesky
{
    /// <summary>Solves one system in place.</summary>
    /// <param name="matrix">A, row-major <c>[n, n]</c>, of which the lower triangle is read; it becomes L.</param>
    /// <param name="vector">b; it becomes x.</param>
    /// <returns>False if the matrix is not positive definite; both are then of no use.</returns>
    public static bool Solve(Span<double> matrix, Span<double> vector)
    {
        var n = vector.Length;
        for (var i = 0; i < n; i++)
        {
            var row = matrix.Slice(i * n, i + 1);
            for (var j = 0; j < i; j++)
            {
                var other = matrix.Slice(j * n, j + 1);
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], other[..j])) / other[j];
            }
            var pivot = row[i] - TensorPrimitives.Dot<double>(row[..i], row[..i]);
            if (!(pivot > 0))
                return false;
            row[i] = Math.Sqrt(pivot);
            vector[i] = (vector[i] - TensorPrimitives.Dot<double>(row[..i], vector[..i])) / row[i];
        }
        // Lᵀ by rows of L: as soon as an unknown is known, it leaves all equations above.
        for (var i = n - 1; i >= 0; i--)
        {
            var row = matrix.Slice(i * n, i + 1);
            vector[i] /= row[i];
            TensorPrimitives.MultiplyAdd(row[..i], -vector[i], vector[..i], vector[..i]);
        }
        return true;
    }
}
