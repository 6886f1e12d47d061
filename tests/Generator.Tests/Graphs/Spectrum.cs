using SparseSharp.Generator.Graphs;

namespace SparseSharp.Generator.Tests.Graphs;

/// <summary>Singular values by Jacobi's rotations: slow, and independent of the method under test.</summary>
internal static class Spectrum
{
    /// <summary>Descending, as many as the smaller side has vertices.</summary>
    public static double[] Of(BipartiteGraph graph) => Of(Matrix(graph));

    /// <summary>Of any matrix.</summary>
    public static double[] Of(double[,] matrix)
    {
        var isWide = matrix.GetLength(0) <= matrix.GetLength(1);
        var (size, length) = isWide ? (matrix.GetLength(0), matrix.GetLength(1)) : (matrix.GetLength(1), matrix.GetLength(0));
        var gram = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                gram[i, j] = Enumerable.Range(0, length).Sum(k => isWide ? matrix[i, k] * matrix[j, k] : matrix[k, i] * matrix[k, j]);
        }
        return [.. Eigenvalues(gram).Select(value => Math.Sqrt(Math.Max(0, value))).OrderDescending()];
    }

    public static double[] Eigenvalues(double[,] symmetric)
    {
        var a = (double[,])symmetric.Clone();
        var size = a.GetLength(0);
        for (var sweep = 0; sweep < 30; sweep++)
        {
            for (var p = 0; p < size; p++)
            {
                for (var q = p + 1; q < size; q++)
                    Rotate(a, p, q);
            }
        }
        return [.. Enumerable.Range(0, size).Select(i => a[i, i])];
    }

    /// <summary>The ones of a graph.</summary>
    public static double[,] Matrix(BipartiteGraph graph)
    {
        var matrix = new double[graph.Rows, graph.Columns];
        for (var row = 0; row < graph.Rows; row++)
        {
            foreach (var column in graph.Row(row))
                matrix[row, column] = 1;
        }
        return matrix;
    }

    public static double[,] Kronecker(double[,] left, double[,] right)
    {
        var (rows, columns) = (right.GetLength(0), right.GetLength(1));
        var product = new double[left.GetLength(0) * rows, left.GetLength(1) * columns];
        for (var i = 0; i < product.GetLength(0); i++)
        {
            for (var j = 0; j < product.GetLength(1); j++)
                product[i, j] = left[i / rows, j / columns] * right[i % rows, j % columns];
        }
        return product;
    }

    private static void Rotate(double[,] a, int p, int q)
    {
        if (Math.Abs(a[p, q]) < 1e-14)
            return;
        var angle = Math.Atan2(2 * a[p, q], a[q, q] - a[p, p]) / 2;
        var (sine, cosine) = Math.SinCos(angle);
        var size = a.GetLength(0);
        for (var k = 0; k < size; k++)
            (a[k, p], a[k, q]) = ((cosine * a[k, p]) - (sine * a[k, q]), (sine * a[k, p]) + (cosine * a[k, q]));
        for (var k = 0; k < size; k++)
            (a[p, k], a[q, k]) = ((cosine * a[p, k]) - (sine * a[q, k]), (sine * a[p, k]) + (cosine * a[q, k]));
    }
}
