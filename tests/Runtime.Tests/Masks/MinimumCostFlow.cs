namespace SparseSharp.Runtime.Tests.Masks;

/// <summary>
/// The optimum of a transposable tile as a flow from rows (capacity N) over cells (capacity 1) to columns (capacity N), by successive
/// longest augmenting paths. An oracle for tests: simple, slow, and of another kind than the solver.
/// </summary>
internal sealed class MinimumCostFlow(float[] tile, int group, int keep)
{
    private readonly bool[,] _kept = new bool[group, group];
    private readonly double[] _row = new double[group];
    private readonly double[] _column = new double[group];
    private readonly int[] _intoRow = new int[group];
    private readonly int[] _intoColumn = new int[group];

    /// <summary>The largest mass that N weights per row and column can have.</summary>
    public double Mass()
    {
        var rowRoom = Enumerable.Repeat(keep, group).ToArray();
        var columnRoom = Enumerable.Repeat(keep, group).ToArray();
        for (var unit = 0; unit < group * keep; unit++)
        {
            FindLongestPaths(rowRoom);
            var end = -1;
            for (var j = 0; j < group; j++)
                if (columnRoom[j] > 0 && (end < 0 || _column[j] > _column[end]))
                    end = j;
            columnRoom[end]--;
            rowRoom[Augment(end)]--;
        }

        var mass = 0.0;
        for (var i = 0; i < group; i++)
            for (var j = 0; j < group; j++)
                if (_kept[i, j])
                    mass += Magnitude(i, j);
        return mass;
    }

    private void FindLongestPaths(int[] rowRoom)
    {
        for (var i = 0; i < group; i++)
            (_row[i], _intoRow[i]) = (rowRoom[i] > 0 ? 0 : double.NegativeInfinity, -1);
        Array.Fill(_column, double.NegativeInfinity);
        for (var (changed, guard) = (true, 0); changed; guard++)
        {
            // Without a positive cycle a path has at most 2M arcs; rounding could make a tiny cycle look positive for ever.
            Assert.True(guard < 1000, "the oracle does not end");
            changed = false;
            for (var i = 0; i < group; i++)
                for (var j = 0; j < group; j++)
                    changed |= _kept[i, j] ? RelaxRow(i, j) : RelaxColumn(i, j);
        }
    }

    private bool RelaxColumn(int i, int j)
    {
        var length = _row[i] + Magnitude(i, j);
        if (!(length > _column[j] + 1e-12))
            return false;
        (_column[j], _intoColumn[j]) = (length, i);
        return true;
    }

    private bool RelaxRow(int i, int j)
    {
        var length = _column[j] - Magnitude(i, j);
        if (!(length > _row[i] + 1e-12))
            return false;
        (_row[i], _intoRow[i]) = (length, j);
        return true;
    }

    private int Augment(int column)
    {
        while (true)
        {
            var row = _intoColumn[column];
            _kept[row, column] = true;
            if (_intoRow[row] < 0)
                return row;
            column = _intoRow[row];
            _kept[row, column] = false;
        }
    }

    private double Magnitude(int i, int j) => Math.Abs(tile[(i * group) + j]);
}
