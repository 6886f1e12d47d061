namespace SparseSharp.Generator.Graphs;

/// <summary>
/// What is asked of small symmetric matrices, row-major <c>[n, n]</c>. Only additions, products, quotients and square roots: the same bits
/// everywhere.
/// </summary>
internal static class SymmetricMatrix
{
    private const int Bisections = 64;

    /// <summary>Whether all eigenvalues are positive: the pivots of Cholesky's factorisation tell. The matrix is overwritten.</summary>
    public static bool IsPositiveDefinite(double[] matrix, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var row = matrix.AsSpan(i * size, i + 1);
            for (var j = 0; j < i; j++)
            {
                var other = matrix.AsSpan(j * size, j + 1);
                row[j] = (row[j] - Dot(row.Slice(0, j), other)) / other[j];
            }
            var pivot = row[i] - Dot(row.Slice(0, i), row);
            if (!(pivot > 0))
                return false;
            row[i] = Math.Sqrt(pivot);
        }
        return true;
    }

    /// <summary>
    /// The largest eigenvalue, by Householder's reduction to three diagonals and Sturm's count of eigenvalues. The matrix is overwritten.
    /// </summary>
    public static double LargestEigenvalue(double[] matrix, int size)
    {
        var beside = Tridiagonalise(matrix, size);
        var (low, high) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var i = 0; i < size; i++)
        {
            var radius = Math.Abs(beside[i]) + (i > 0 ? Math.Abs(beside[i - 1]) : 0);
            low = Math.Max(low, matrix[(i * size) + i]);
            high = Math.Max(high, matrix[(i * size) + i] + radius);
        }
        for (var step = 0; step < Bisections; step++)
        {
            var middle = (low + high) / 2;
            if (IsBelow(middle))
                high = middle;
            else
                low = middle;
        }
        return high;

        bool IsBelow(double bound)
        {
            var pivot = double.NegativeInfinity;
            for (var i = 0; i < size; i++)
            {
                var side = i > 0 ? beside[i - 1] : 0;
                pivot = matrix[(i * size) + i] - bound - (side * side / pivot);
                if (pivot >= 0)
                    return false;
            }
            return true;
        }
    }

    /// <summary>Leaves the main diagonal of a similar matrix of three diagonals in place.</summary>
    /// <returns>The diagonal beside it; the last element is 0.</returns>
    private static double[] Tridiagonalise(double[] matrix, int size)
    {
        var beside = new double[size];
        var (mirror, image) = (new double[size], new double[size]);
        for (var k = 0; k + 1 < size; k++)
        {
            double squares = 0;
            for (var i = k + 1; i < size; i++)
            {
                mirror[i] = matrix[(i * size) + k];
                squares += mirror[i] * mirror[i];
            }
            beside[k] = mirror[k + 1] > 0 ? -Math.Sqrt(squares) : Math.Sqrt(squares);
            mirror[k + 1] -= beside[k];
            squares = 2 * (squares - (beside[k] * (mirror[k + 1] + beside[k])));
            if (squares > 0)
                Reflect(matrix, size, k + 1, mirror, image, 2 / squares);
        }
        return beside;
    }

    /// <summary>
    /// Both sides of the lower right block, from <paramref name="first"/> on, times <c>1 - factor·v·vᵀ</c>; of the matrix only the lower
    /// triangle is used.
    /// </summary>
    private static void Reflect(double[] matrix, int size, int first, double[] mirror, double[] image, double factor)
    {
        var v = mirror.AsSpan(first, size - first);
        var w = image.AsSpan(first, size - first);
        w.Clear();
        for (var i = 0; i < v.Length; i++)
        {
            var row = matrix.AsSpan(((first + i) * size) + first, i + 1);
            var below = w.Slice(0, i);
            for (var j = 0; j < below.Length; j++)
                below[j] += v[i] * row[j];
            w[i] = Dot(row, v);
        }
        for (var i = 0; i < w.Length; i++)
            w[i] *= factor;
        var along = factor / 2 * Dot(v, w);
        for (var i = 0; i < v.Length; i++)
            w[i] -= along * v[i];
        for (var i = 0; i < v.Length; i++)
        {
            var row = matrix.AsSpan(((first + i) * size) + first, i + 1);
            var (vi, wi) = (v[i], w[i]);
            for (var j = 0; j < row.Length; j++)
                row[j] -= (vi * w[j]) + (wi * v[j]);
        }
    }

    /// <summary>
    /// The sum of products over the length of the left side, in four chains of additions that do not wait for each other.
    /// </summary>
    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        right = right.Slice(0, left.Length);
        double a = 0, b = 0, c = 0, d = 0;
        var k = 0;
        for (; k <= left.Length - 4; k += 4)
        {
            a += left[k] * right[k];
            b += left[k + 1] * right[k + 1];
            c += left[k + 2] * right[k + 2];
            d += left[k + 3] * right[k + 3];
        }
        for (; k < left.Length; k++)
            a += left[k] * right[k];
        return a + b + (c + d);
    }
}
