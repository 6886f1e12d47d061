namespace SparseSharp.Generator.Graphs;

/// <summary>A lift of the complete graph <c>K(a, b)</c> by random cyclic shifts of <c>r</c>, which may be any number.</summary>
internal static class ShiftLift
{
    private const int Draws = 1000;

    /// <summary>An accepted graph, or null where none was drawn.</summary>
    public static BipartiteGraph? Build(int left, int right, int fold, SplitMix64 random, CancellationToken cancellation)
    {
        for (var draw = 0; draw < Draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            var graph = Draw(left, right, fold, random);
            if (RamanujanTest.Accepts(graph))
                return graph;
        }
        return null;
    }

    private static BipartiteGraph Draw(int left, int right, int fold, SplitMix64 random)
    {
        int[][] shifts = [.. Enumerable.Range(0, left).Select(_ => Enumerable.Range(0, right).Select(_ => random.Below(fold)).ToArray())];
        var rows = new int[left * fold][];
        for (var row = 0; row < rows.Length; row++)
        {
            var (i, x) = (row / fold, row % fold);
            rows[row] = [.. shifts[i].Select((shift, j) => (j * fold) + ((x + shift) % fold))];
        }
        return BipartiteGraph.Of(right * fold, rows);
    }
}
