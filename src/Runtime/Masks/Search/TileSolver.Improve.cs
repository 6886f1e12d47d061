using System.Numerics;

namespace SparseSharp.Masks.Search;

/// <content>
/// Improvement of a full mask by moves: row i hands the weight of one of its columns to row a, which does not keep that column. A move is
/// worth the difference of the two magnitudes; a closed chain of moves leaves all counts as they are. The best move of every pair of rows
/// is remembered until one of the two rows changes.
/// </content>
internal sealed partial class TileSolver
{
    private const int MaximumSweeps = 32;

    private static readonly long[] s_rowBits = [.. Enumerable.Range(0, Stride).Select(row => 1L << row)];

    private readonly double[] _gain = new double[Stride * Stride];
    private readonly long[] _column = new long[Stride * Stride];
    private readonly uint[] _known = new uint[Stride];
    private readonly double[] _distance = new double[Stride];
    private readonly long[] _from = new long[Stride];

    /// <summary>
    /// Stage 3: as long as it gains, two rows hand each other a weight; every pair of rows in turn, until a sweep changes nothing.
    /// </summary>
    public void Exchange()
    {
        if (IsOctet)
        {
            ExchangeOctet();
            return;
        }
        for (var sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            var changed = false;
            for (var i = 0; i < _group; i++)
                for (var a = i + 1; a < _group; a++)
                    while (Gain(a, i) + Gain(i, a) > _tolerance)
                    {
                        var (taken, given) = ((int)_column[(a * Stride) + i], (int)_column[(i * Stride) + a]);
                        Move(a, i, taken);
                        Move(i, a, given);
                        changed = true;
                    }
            if (!changed)
                return;
        }
    }

    /// <summary>
    /// Stage 4: finds a cycle of rows in which handing on one weight each gains, by longest paths (Bellman-Ford), and applies it. A mask
    /// without such a cycle is an optimum.
    /// </summary>
    /// <param name="maximum">Cycles to apply at most.</param>
    /// <returns>Cycles applied.</returns>
    public int Rotate(int maximum)
    {
        for (var cycle = 0; cycle < maximum; cycle++)
        {
            var row = IsOctet ? RowBehindCycleOctet() : RowBehindCycle();
            if (row < 0)
                return cycle;
            for (var i = 0; i < _group && row >= 0; i++)
                row = (int)_from[row];
            if (row < 0 || CycleGain(row) <= 0)
                return cycle;
            var target = row;
            do
            {
                var source = (int)_from[target];
                Move(source, target, (int)_column[(source * Stride) + target]);
                target = source;
            }
            while (target != row);
        }
        return maximum;
    }

    private double CycleGain(int row)
    {
        var gain = 0.0;
        var target = row;
        do
        {
            var source = (int)_from[target];
            gain += _gain[(source * Stride) + target];
            target = source;
        }
        while (target != row);
        return gain;
    }

    /// <summary>
    /// A row that a gaining cycle leads to, or -1 if there is none: the row changed last in as many passes as there are rows.
    /// </summary>
    private int RowBehindCycle()
    {
        for (var i = 0; i < _group; i++)
            for (var a = 0; a < _group && _known[i] != uint.MaxValue; a++)
                if (a != i)
                    Gain(i, a);
        Array.Clear(_distance);
        Array.Fill(_from, -1);
        var last = -1;
        for (var pass = 0; pass < _group; pass++)
        {
            last = Relax();
            if (last < 0)
                break;
        }
        return last;
    }

    /// <summary>One pass over all moves; returns the row whose distance grew last, or -1.</summary>
    private int Relax()
    {
        var last = -1;
        var tolerance = new Vector<double>(_tolerance);
        for (var i = 0; i < _group; i++)
        {
            // No move leads from a row to itself, so its own distance stays as it is meanwhile.
            var start = new Vector<double>(_distance[i]);
            for (var a = 0; a < _group; a += Vector<double>.Count)
            {
                var distance = new Vector<double>(_distance, a);
                var reached = start + new Vector<double>(_gain, (i * Stride) + a);
                var farther = Vector.GreaterThan(reached, distance + tolerance);
                if (farther == Vector<long>.Zero)
                    continue;
                Vector.ConditionalSelect(farther, reached, distance).CopyTo(_distance, a);
                Vector.ConditionalSelect(farther, new Vector<long>(i), new Vector<long>(_from, a)).CopyTo(_from, a);
                var lane = Vector<double>.Count - 1;
                while (farther[lane] == 0)
                    lane--;
                last = a + lane;
            }
        }
        return last;
    }

    /// <summary>
    /// What the best move from row i to row a is worth, minus infinity if there is none; of equal ones the lowest column is taken.
    /// </summary>
    private double Gain(int i, int a)
    {
        var move = (i * Stride) + a;
        if ((_known[i] >> a & 1) != 0)
            return _gain[move];
        if (_known[i] == 0 && Vector.IsHardwareAccelerated)
        {
            FindGains(i);
            return _gain[move];
        }
        var best = double.NegativeInfinity;
        for (var movable = _rows[i] & ~_rows[a]; movable != 0; movable &= movable - 1)
        {
            var column = BitOperations.TrailingZeroCount(movable);
            var gain = Magnitude(a, column) - Magnitude(i, column);
            if (gain > best)
                (best, _column[move]) = (gain, column);
        }
        _gain[move] = best;
        _known[i] |= 1u << a;
        return best;
    }

    /// <summary>The best moves from row i to every other row at once, one row per lane.</summary>
    private void FindGains(int i)
    {
        for (var a = 0; a < _group; a += Vector<double>.Count)
        {
            var rows = new Vector<long>(s_rowBits, a);
            var best = new Vector<double>(double.NegativeInfinity);
            var column = Vector<long>.Zero;
            for (var movable = _rows[i]; movable != 0; movable &= movable - 1)
            {
                var t = BitOperations.TrailingZeroCount(movable);
                var gain = new Vector<double>(_turned, (t * Stride) + a) - new Vector<double>(Magnitude(i, t));
                var free = Vector.Equals(new Vector<long>(_columns[t]) & rows, Vector<long>.Zero);
                var better = Vector.GreaterThan(gain, best) & free;
                best = Vector.ConditionalSelect(better, gain, best);
                column = Vector.ConditionalSelect(better, new Vector<long>(t), column);
            }
            best.CopyTo(_gain, (i * Stride) + a);
            column.CopyTo(_column, (i * Stride) + a);
        }
        _known[i] = uint.MaxValue;
    }

    private void Move(int i, int a, int column)
    {
        _rows[i] &= ~(1u << column);
        _rows[a] |= 1u << column;
        _columns[column] ^= (1u << i) | (1u << a);
        (_known[i], _known[a]) = (0, 0);
        for (var row = 0; row < _group; row++)
            _known[row] &= ~((1u << i) | (1u << a));
    }
}
