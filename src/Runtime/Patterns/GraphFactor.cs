namespace SparseSharp;

/// <summary>
/// A bipartite graph between rows and columns in which every row has equally many neighbours: one factor of a mask that is a product of
/// graphs.
/// </summary>
/// <param name="Rows">Rows, the side of the outputs.</param>
/// <param name="Columns">Columns, the side of the inputs.</param>
/// <param name="Degree">Neighbours of each row.</param>
/// <param name="Neighbours">The columns that each row is joined to, ascending, row after row; empty for a complete graph.</param>
public sealed record GraphFactor(int Rows, int Columns, int Degree, ReadOnlyMemory<ushort> Neighbours)
{
    /// <summary>A graph that joins every row to every column.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static GraphFactor Complete(int rows, int columns) => new(rows, columns, columns, default);

    /// <summary>Whether every row is joined to every column, so that no list is needed.</summary>
    public bool IsComplete => Neighbours.IsEmpty;

    /// <summary>Share of all pairs that are joined.</summary>
    public double Density => (double)Degree / Columns;

    /// <summary>A neighbour of a row; the lists are ascending.</summary>
    /// <param name="row">The row.</param>
    /// <param name="edge">Position in its list.</param>
    public int Neighbour(int row, int edge) => IsComplete ? edge : Neighbours.Span[(row * Degree) + edge];

    /// <summary>Position of a column in the list of a row; negative if they are not joined.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    public int Edge(int row, int column) =>
        IsComplete ? column : Neighbours.Span.Slice(row * Degree, Degree).BinarySearch((ushort)column);

    /// <summary>Whether two factors have the same shape and the same lists.</summary>
    public bool Equals(GraphFactor? other) =>
        other is not null
            && (Rows, Columns, Degree) == (other.Rows, other.Columns, other.Degree)
            && Neighbours.Span.SequenceEqual(other.Neighbours.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows, Columns, Degree, Neighbours.Length);

    /// <summary>For example <c>16x16/4</c>, or <c>K 4x4</c> for a complete graph.</summary>
    public override string ToString() => IsComplete ? $"K {Rows}x{Columns}" : $"{Rows}x{Columns}/{Columns / (double)Degree:0.##}";

    /// <summary>Throws unless the lists are complete, ascending, within range and as long for every column as for every other.</summary>
    /// <param name="name">Of the factor, for messages.</param>
    internal void Check(string name)
    {
        if (Rows < 1 || Columns < 1 || Columns > ushort.MaxValue + 1)
            throw new ArgumentException(
                $"The {name} graph is {Rows} x {Columns}; it needs at least one row, and 1 to {ushort.MaxValue + 1} columns.");
        if (IsComplete)
        {
            if (Degree != Columns)
                throw new ArgumentException(
                    $"The {name} graph has no lists, so it is complete, but its degree is {Degree} and not {Columns}.");
            return;
        }
        if (Degree < 1 || Degree > Columns || Neighbours.Length != Rows * Degree)
            throw new ArgumentException($"The {name} graph has {Neighbours.Length} neighbours; {Rows} rows of degree {Degree} (at most {Columns}) need {Rows * Degree}.");
        CheckLists(name);
    }

    private void CheckLists(string name)
    {
        var degrees = new int[Columns];
        for (var row = 0; row < Rows; row++)
        {
            var last = -1;
            foreach (var column in Neighbours.Span.Slice(row * Degree, Degree))
            {
                if (column <= last || column >= Columns)
                    throw new ArgumentException(
                        $"Row {row} of the {name} graph lists column {column} after {last}; lists are ascending and below {Columns}.");
                last = column;
                degrees[column]++;
            }
        }
        for (var column = 0; column < Columns; column++)
        {
            if (degrees[column] * Columns != Neighbours.Length)
                throw new ArgumentException($"Column {column} of the {name} graph has {degrees[column]} neighbours, others have more or "
                    + "fewer; the graph must be biregular.");
        }
    }
}
