using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Graphs;

/// <summary>
/// A bipartite graph with as many neighbours for every row: the positions of the ones of a matrix <c>[rows, columns]</c>.
/// </summary>
/// <param name="Degree">Neighbours of a row.</param>
/// <param name="Neighbours">Row by row and ascending; empty for a complete graph, whose lists nobody needs.</param>
internal sealed record BipartiteGraph(int Rows, int Columns, int Degree, EquatableArray<ushort> Neighbours)
{
    /// <summary>Neighbours of a column, where all columns have as many.</summary>
    public int ColumnDegree => Rows * Degree / Columns;

    public bool IsComplete => Degree == Columns;

    public static BipartiteGraph Complete(int rows, int columns) => new(rows, columns, columns, EquatableArray<ushort>.Empty);

    /// <summary>From lists of neighbours in any order.</summary>
    public static BipartiteGraph Of(int columns, IReadOnlyList<int[]> rows)
    {
        foreach (var row in rows)
            Array.Sort(row);
        return new(rows.Count, columns, rows[0].Length, rows.SelectMany(row => row).Select(column => (ushort)column).ToEquatableArray());
    }

    /// <summary>The neighbours of a row; all columns in a complete graph.</summary>
    public int[] Row(int row) => IsComplete
        ? [.. Enumerable.Range(0, Columns)]
        : [.. Neighbours.Span.Slice(row * Degree, Degree).ToArray().Select(column => (int)column)];

    /// <summary>
    /// The same graph under other names of its vertices, which makes layers of equal shape differ and leaves the spectrum as it is.
    /// </summary>
    public BipartiteGraph Relabel(SplitMix64 random)
    {
        if (IsComplete)
            return this;
        var (rowNames, columnNames) = (random.Shuffle(Rows), random.Shuffle(Columns));
        var renamed = new int[Rows][];
        for (var row = 0; row < Rows; row++)
            renamed[rowNames[row]] = [.. Row(row).Select(column => columnNames[column])];
        return Of(Columns, renamed);
    }

    /// <summary>The rows of each column; null unless rows are ascending, without repetitions, and columns have equally many.</summary>
    public int[][]? Transpose()
    {
        if (Columns < 1 || Rows * Degree % Columns != 0 || Neighbours.Count != (IsComplete ? 0 : Rows * Degree))
            return null;
        var columns = new int[Columns][];
        var filled = new int[Columns];
        for (var column = 0; column < Columns; column++)
            columns[column] = new int[ColumnDegree];
        for (var row = 0; row < Rows; row++)
        {
            var before = -1;
            foreach (var column in Row(row))
            {
                if (column <= before || column >= Columns || filled[column] == ColumnDegree)
                    return null;
                columns[column][filled[column]++] = row;
                before = column;
            }
        }
        return columns;
    }
}
