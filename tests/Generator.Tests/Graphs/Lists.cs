using System.Globalization;
using SparseSharp.Generator.Graphs;

namespace SparseSharp.Generator.Tests.Graphs;

/// <summary>Graphs as text: a word per row, with a digit per neighbour, or numbers with commas between them.</summary>
internal static class Lists
{
    public static BipartiteGraph Parse(int columns, string rows) => BipartiteGraph.Of(columns, [.. rows.Split(' ').Select(ParseRow)]);

    public static string Show(BipartiteGraph graph) => string.Join(' ', Enumerable.Range(0, graph.Rows).Select(row => Show(graph, row)));

    public static string Show(BipartiteGraph graph, int row) => string.Join(graph.Columns > 10 ? "," : "", graph.Row(row));

    private static int[] ParseRow(string row) =>
        [.. (row.Contains(',')
            ? row.Split(',')
            : row.Select(digit => $"{digit}")).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
