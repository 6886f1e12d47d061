namespace SparseSharp;

/// <summary>
/// A mask that is the Kronecker product of four bipartite graphs, RBGP4 (Vooturi et al., 2020): a sparse graph of tiles, repetition of rows
/// and columns, a sparse graph inside each tile, and dense blocks. It is fixed before training, so only the weights that it keeps exist.
/// </summary>
/// <remarks>
/// With mixed digits <c>row = ((uo·Ur + ur)·Ui + ui)·Ub + ub</c> and <c>column = ((vo·Vr + vr)·Vi + vi)·Vb + vb</c>, a weight exists where
/// <c>vo</c> is a neighbour of <c>uo</c> and <c>vi</c> one of <c>ui</c>. The packed order goes through <c>uo</c>, <c>ui</c>, the lists of
/// both, and then through blocks of <c>Vr·Vb</c> columns by <c>Ur·Ub</c> rows, column by column.
/// </remarks>
/// <param name="Outer">Which tiles exist: <c>Uo x Vo</c>.</param>
/// <param name="RowRepeats">Row groups that share the columns of a tile, <c>Ur</c>.</param>
/// <param name="ColumnRepeats">Repetitions of a tile's columns, <c>Vr</c>.</param>
/// <param name="Inner">The pattern inside every tile: <c>Ui x Vi</c>.</param>
/// <param name="BlockRows">Rows of a dense block, <c>Ub</c>.</param>
/// <param name="BlockColumns">Columns of a dense block, <c>Vb</c>.</param>
/// <param name="Hash">FNV-1a of the factors, which files carry: see <see cref="ComputeHash"/>.</param>
public sealed record RamanujanPattern(
    GraphFactor Outer, int RowRepeats, int ColumnRepeats, GraphFactor Inner, int BlockRows, int BlockColumns, ulong Hash) : SparsityPattern
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>Output features.</summary>
    public int Outputs => Outer.Rows * RowRepeats * Inner.Rows * BlockRows;

    /// <summary>Input features.</summary>
    public int Inputs => Outer.Columns * ColumnRepeats * Inner.Columns * BlockColumns;

    /// <inheritdoc/>
    public override double Density => Outer.Density * Inner.Density;

    /// <summary>Weights that each row keeps.</summary>
    public int WeightsPerRow => Outer.Degree * ColumnRepeats * Inner.Degree * BlockColumns;

    /// <summary>Weights that exist.</summary>
    public long Count => (long)Outputs * WeightsPerRow;

    /// <summary>Rows that share a list of columns, <c>R</c>.</summary>
    internal int TileRows => RowRepeats * BlockRows;

    /// <summary>Columns of one entry of the inner lists, <c>C</c>.</summary>
    internal int TileColumns => ColumnRepeats * BlockColumns;

    internal override bool KeepsMaskedWeights => false;

    internal override int SearchInterval => 1;

    internal override string Identity => $"RBGP4 with mask {Hash:X16}";

    /// <summary>
    /// The hash of four factors: FNV-1a with 64 bits over their sizes, degrees and lists as 16-bit numbers; complete factors have no list.
    /// </summary>
    /// <param name="outer">As in the constructor.</param>
    /// <param name="rowRepeats">As in the constructor.</param>
    /// <param name="columnRepeats">As in the constructor.</param>
    /// <param name="inner">As in the constructor.</param>
    /// <param name="blockRows">As in the constructor.</param>
    /// <param name="blockColumns">As in the constructor.</param>
    public static ulong ComputeHash(
        GraphFactor outer, int rowRepeats, int columnRepeats, GraphFactor inner, int blockRows, int blockColumns)
    {
        ArgumentNullException.ThrowIfNull(outer);
        ArgumentNullException.ThrowIfNull(inner);
        var hash = FnvOffset;
        Add([
            (ushort)outer.Rows, (ushort)outer.Columns, (ushort)rowRepeats, (ushort)columnRepeats, (ushort)inner.Rows, (ushort)inner.Columns,
            (ushort)blockRows, (ushort)blockColumns, (ushort)outer.Degree, (ushort)inner.Degree]);
        Add(outer.Neighbours.Span);
        Add(inner.Neighbours.Span);
        return hash;

        void Add(ReadOnlySpan<ushort> values)
        {
            foreach (var value in values)
            {
                hash = (hash ^ (byte)value) * FnvPrime;
                hash = (hash ^ (byte)(value >> 8)) * FnvPrime;
            }
        }
    }

    /// <summary>Where a weight stands in the packed order, or -1 if it does not exist.</summary>
    /// <param name="row">Output feature.</param>
    /// <param name="column">Input feature.</param>
    public long Position(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Outputs, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Inputs, nameof(column));
        var (uo, ur, ui, ub) = Digits(row, RowRepeats, Inner.Rows, BlockRows);
        var (vo, vr, vi, vb) = Digits(column, ColumnRepeats, Inner.Columns, BlockColumns);
        var (outerEdge, innerEdge) = (Outer.Edge(uo, vo), Inner.Edge(ui, vi));
        if (outerEdge < 0 || innerEdge < 0)
            return -1;
        var block = (((((long)uo * Inner.Rows) + ui) * Outer.Degree + outerEdge) * Inner.Degree) + innerEdge;
        return (((block * TileColumns) + (vr * BlockColumns) + vb) * TileRows) + (ur * BlockRows) + ub;
    }

    /// <summary>The weight at a position of the packed order.</summary>
    /// <param name="position">0 to <see cref="Count"/> - 1.</param>
    public (int Row, int Column) Weight(long position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)position, (ulong)Count, nameof(position));
        var (rest, within) = Math.DivRem(position, TileRows);
        var (ur, ub) = Math.DivRem((int)within, BlockRows);
        (rest, within) = Math.DivRem(rest, TileColumns);
        var (vr, vb) = Math.DivRem((int)within, BlockColumns);
        (rest, var innerEdge) = Math.DivRem(rest, Inner.Degree);
        (rest, var outerEdge) = Math.DivRem(rest, Outer.Degree);
        var (uo, ui) = Math.DivRem((int)rest, Inner.Rows);
        var (vo, vi) = (Outer.Neighbour(uo, (int)outerEdge), Inner.Neighbour(ui, (int)innerEdge));
        return ((((((uo * RowRepeats) + ur) * Inner.Rows) + ui) * BlockRows) + ub,
            (((((vo * ColumnRepeats) + vr) * Inner.Columns) + vi) * BlockColumns) + vb);
    }

    /// <summary>Which weights exist, made anew at each call.</summary>
    public Mask ToMask()
    {
        var mask = new Mask(Outputs, Inputs);
        for (long position = 0; position < Count; position++)
        {
            var (row, column) = Weight(position);
            mask[row, column] = true;
        }
        return mask;
    }

    /// <summary>For example <c>RBGP4 87.5 %</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"RBGP4 {100 * (1 - Density):0.####} %");

    /// <summary>Throws unless the factors are graphs whose product has the shape of a layer and whose hash is the one given.</summary>
    internal override void Check(int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(RowRepeats, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ColumnRepeats, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockColumns, 1);
        Outer.Check("outer");
        Inner.Check("inner");
        if (Outputs != outputs || Inputs != inputs)
            throw new ArgumentException($"The factors {Outer}, {RowRepeats}x{ColumnRepeats}, {Inner} and {BlockRows}x{BlockColumns} give {Outputs} x {Inputs} weights; the layer has {outputs} x {inputs}.");
        var hash = ComputeHash(Outer, RowRepeats, ColumnRepeats, Inner, BlockRows, BlockColumns);
        if (hash != Hash)
            throw new ArgumentException(
                $"The factors have the hash {hash:X16}, not {Hash:X16} as they should: their lists were changed. Build the project again.");
    }

    internal override string? FirstFault(Mask mask)
    {
        var own = ToMask();
        for (var row = 0; row < Outputs; row++)
        {
            for (var column = 0; column < Inputs; column++)
            {
                if (mask[row, column] != own[row, column])
                    return $"row {row} {(own[row, column] ? "drops" : "keeps")} column {column}";
            }
        }
        return null;
    }

    internal override double FanIn(int inputs) => WeightsPerRow;

    private static (int Outer, int Repeat, int Inner, int Block) Digits(int number, int repeats, int inner, int block)
    {
        (number, var b) = Math.DivRem(number, block);
        (number, var i) = Math.DivRem(number, inner);
        (number, var r) = Math.DivRem(number, repeats);
        return (number, r, i, b);
    }
}
