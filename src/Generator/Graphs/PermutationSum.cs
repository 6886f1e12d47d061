namespace SparseSharp.Generator.Graphs;

/// <summary>Sums of disjoint random permutations: square graphs of any degree.</summary>
internal static class PermutationSum
{
    private const int Graphs = 1000;
    private const int Layers = 200;
    private const int Exchanges = 50;

    /// <summary>An accepted graph, or null where none was drawn.</summary>
    public static BipartiteGraph? Build(int size, int degree, SplitMix64 random, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Graphs; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Draw(size, degree, random) is { } graph && RamanujanTest.Accepts(graph))
                return graph;
        }
        return null;
    }

    private static BipartiteGraph? Draw(int size, int degree, SplitMix64 random)
    {
        var rows = new bool[size, size];
        for (var layer = 0; layer < degree; layer++)
        {
            int[]? permutation = null;
            for (var attempt = 0; attempt < Layers && permutation is null; attempt++)
                permutation = DrawLayer(rows, size, random);
            if (permutation is null)
                return null;
            for (var row = 0; row < size; row++)
                rows[row, permutation[row]] = true;
        }
        return BipartiteGraph.Of(
            size, [.. Enumerable.Range(0, size).Select(row => Enumerable.Range(0, size).Where(column => rows[row, column]).ToArray())]);
    }

    /// <summary>A permutation that has no entry of the others; null where a clash could not be exchanged away.</summary>
    private static int[]? DrawLayer(bool[,] rows, int size, SplitMix64 random)
    {
        var permutation = random.Shuffle(size);
        for (var row = 0; row < size; row++)
        {
            for (var exchange = 0; rows[row, permutation[row]]; exchange++)
            {
                if (exchange == Exchanges)
                    return null;
                var other = random.Below(size);
                if (!rows[row, permutation[other]] && !rows[other, permutation[row]])
                    (permutation[row], permutation[other]) = (permutation[other], permutation[row]);
            }
        }
        return permutation;
    }
}
