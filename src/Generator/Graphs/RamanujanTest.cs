namespace SparseSharp.Generator.Graphs;

/// <summary>
/// Whether a biregular bipartite graph is Ramanujan: every singular value of its matrix but the largest is at most the bound. Decided by a
/// factorisation and not by iteration, which comes to the second one from below and would let bad graphs pass.
/// </summary>
internal static class RamanujanTest
{
    /// <summary>Some good graphs meet the bound exactly: rounding must not reject them.</summary>
    private const double Tolerance = 2e-9;

    /// <summary>The bound of all singular values but the largest.</summary>
    public static double Bound(int rowDegree, int columnDegree) => Math.Sqrt(rowDegree - 1) + Math.Sqrt(columnDegree - 1);

    /// <summary>
    /// Whether the bound is below the largest singular value; only then it says something, and a graph that meets it is connected.
    /// </summary>
    public static bool HasMeaning(int rowDegree, int columnDegree) => (rowDegree - 1) * (columnDegree - 1) >= 2;

    /// <summary>False for anything that is not biregular, damaged lists included.</summary>
    public static bool Accepts(BipartiteGraph graph)
    {
        if (graph.Degree < 1 || graph.Transpose() is not { } columns || !HasMeaning(graph.Degree, graph.ColumnDegree))
            return false;
        var gram = GramWithoutLargest(graph, columns, out var size);
        return IsWithin(gram, size, Bound(graph.Degree, graph.ColumnDegree));
    }

    /// <summary>Whether no singular value exceeds the bound, from the Gram matrix, which is overwritten.</summary>
    public static bool IsWithin(double[] gram, int size, double bound)
    {
        for (var i = 0; i < gram.Length; i++)
            gram[i] = -gram[i];
        for (var i = 0; i < size; i++)
            gram[(i * size) + i] += bound * bound * (1 + Tolerance);
        return SymmetricMatrix.IsPositiveDefinite(gram, size);
    }

    /// <summary>The second largest singular value of a biregular graph.</summary>
    public static double SecondSingularValue(BipartiteGraph graph)
    {
        var columns = graph.Transpose() ?? throw new ArgumentException("The graph is not biregular.", nameof(graph));
        var gram = GramWithoutLargest(graph, columns, out var size);
        return Math.Sqrt(Math.Max(0, SymmetricMatrix.LargestEigenvalue(gram, size)));
    }

    /// <summary>
    /// Common neighbours of the vertices of the smaller side, less what the largest singular value, whose vectors are constant, adds to
    /// each.
    /// </summary>
    private static double[] GramWithoutLargest(BipartiteGraph graph, int[][] columns, out int size)
    {
        var isWide = graph.Rows <= graph.Columns;
        var lists = isWide ? columns : [.. Enumerable.Range(0, graph.Rows).Select(graph.Row)];
        size = isWide ? graph.Rows : graph.Columns;
        var gram = new double[size * size];
        foreach (var list in lists)
        {
            foreach (var i in list)
            {
                foreach (var j in list)
                    gram[(i * size) + j]++;
            }
        }
        var mean = (double)graph.Degree * graph.ColumnDegree / size;
        for (var i = 0; i < gram.Length; i++)
            gram[i] -= mean;
        return gram;
    }
}
