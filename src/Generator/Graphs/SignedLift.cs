namespace SparseSharp.Generator.Graphs;

/// <summary>
/// Random 2-lifts: two copies of the graph before, in which edges with a minus change over. A lift keeps the singular values and adds those
/// of the signed matrix (Bilu and Linial, 2006), so it is the signs that are tested. Good ones always exist (Marcus, Spielman and
/// Srivastava, 2015).
/// </summary>
internal static class SignedLift
{
    private const int Draws = 1000;

    /// <summary>The complete graph <c>K(left, right)</c>, doubled so many times; null where no good signs were drawn.</summary>
    public static BipartiteGraph? Build(int left, int right, int doublings, SplitMix64 random, CancellationToken cancellation)
    {
        var bound = RamanujanTest.Bound(right, left);
        int[][] rows = [.. Enumerable.Range(0, left).Select(_ => Enumerable.Range(0, right).ToArray())];
        for (var columns = right; doublings > 0; doublings--, columns *= 2)
        {
            if (FindSigns(rows, columns, bound, random, cancellation) is not { } signs)
                return null;
            rows = Double(rows, columns, signs);
        }
        return BipartiteGraph.Of(rows.Max(row => row.Max()) + 1, rows);
    }

    /// <summary>For each edge whether it has a minus.</summary>
    private static bool[][]? FindSigns(int[][] rows, int columns, double bound, SplitMix64 random, CancellationToken cancellation)
    {
        for (var draw = 0; draw < Draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool[][] signs = [.. rows.Select(row => row.Select(_ => random.Next() >> 63 != 0).ToArray())];
            if (RamanujanTest.IsWithin(Gram(rows, columns, signs, out var size), size, bound))
                return signs;
        }
        return null;
    }

    private static double[] Gram(int[][] rows, int columns, bool[][] signs, out int size)
    {
        var isWide = rows.Length <= columns;
        size = isWide ? rows.Length : columns;
        var lists = new List<(int Vertex, bool Sign)>[isWide ? columns : rows.Length];
        for (var list = 0; list < lists.Length; list++)
            lists[list] = [];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var edge = 0; edge < rows[row].Length; edge++)
            {
                var column = rows[row][edge];
                lists[isWide ? column : row].Add((isWide ? row : column, signs[row][edge]));
            }
        }

        var gram = new double[size * size];
        foreach (var list in lists)
        {
            foreach (var (i, sign) in list)
            {
                foreach (var (j, other) in list)
                    gram[(i * size) + j] += sign == other ? 1 : -1;
            }
        }
        return gram;
    }

    private static int[][] Double(int[][] rows, int columns, bool[][] signs)
    {
        return [.. Copy(upper: true), .. Copy(upper: false)];

        IEnumerable<int[]> Copy(bool upper) => rows.Select((row, index) =>
        {
            int[] lifted = [.. row.Select((column, edge) => column + (signs[index][edge] == upper ? columns : 0))];
            Array.Sort(lifted);
            return lifted;
        });
    }
}
