using System.Numerics;
using System.Runtime.Intrinsics.X86;
using SparseSharp.Settings;

namespace SparseSharp.Masks.Search;

/// <summary>
/// Transposable masks of M by M tiles, M at most 32: keeps N weights per row and column with the largest mass. Greedy choice (Hubara et
/// al., 2021), filling of what it leaves open (as in TSENOR, 2025, with fixed tie rules), then two kinds of improvement, the second of
/// which ends at the optimum: see <see cref="Exchange"/> and <see cref="Rotate"/>. Sums are in float64. Deterministic, and without
/// allocations once made.
/// </summary>
/// <param name="usesVectors">Whether tiles of 8 by 8 take the path of their own; the masks are the same.</param>
internal sealed unsafe partial class TileSolver(bool usesVectors)
{
    private const int Stride = NMSettings.MaximumGroup;
    private const double RelativeTolerance = 1e-9;

    [ThreadStatic]
    private static TileSolver? s_ofThread;

    private readonly double[] _magnitude = new double[Stride * Stride];
    private readonly double[] _turned = new double[Stride * Stride];
    private readonly uint[] _rows = new uint[Stride];
    private readonly uint[] _columns = new uint[Stride];
    private readonly int[] _rowCount = new int[Stride];
    private readonly int[] _columnCount = new int[Stride];
    private readonly ulong[] _order = new ulong[Stride * Stride];
    private int _keep;
    private int _group;
    private double _tolerance;

    /// <summary>A solver that takes the fastest path of this machine.</summary>
    public TileSolver()
        : this(Avx2.IsSupported) { }

    /// <summary>The solver of this thread.</summary>
    public static TileSolver OfThread => s_ofThread ??= new TileSolver();

    /// <summary>The mask of the tile: per row its kept columns, bit j is column j.</summary>
    public ReadOnlySpan<uint> Rows => _rows.AsSpan(0, _group);

    /// <summary>Sum of the magnitudes kept.</summary>
    public double Mass
    {
        get
        {
            var mass = 0.0;
            for (var i = 0; i < _group; i++)
                for (var kept = _rows[i]; kept != 0; kept &= kept - 1)
                    mass += Magnitude(i, BitOperations.TrailingZeroCount(kept));
            return mass;
        }
    }

    /// <summary>Finds the mask of M rows of a matrix from row <paramref name="row"/> on.</summary>
    public void Find(int keep, int group, float* weight, int columns, int row, Mask mask, Mask? previous)
    {
        for (var column = 0; column < columns; column += group)
        {
            Load(keep, group, weight + ((nint)row * columns) + column, columns);
            if (previous is null || !Start(previous, row, column))
            {
                Greedy();
                Fill();
            }
            Exchange();
            Rotate(4 * group);
            for (var i = 0; i < group; i++)
                MaskBits.Write(mask.Row(row + i), column, group, _rows[i]);
        }
    }

    /// <summary>Takes up a tile with an empty mask.</summary>
    public void Load(int keep, int group, float* tile, nint stride)
    {
        if (group != _group)
            Array.Fill(_gain, double.NegativeInfinity);
        (_keep, _group) = (keep, group);
        if (IsOctet)
        {
            LoadOctet(tile, stride);
            Take(0, 0);
            return;
        }
        Clear();
        var largest = 0f;
        for (var i = 0; i < group; i++)
            for (var j = 0; j < group; j++)
            {
                var magnitude = Math.Abs(tile[(i * stride) + j]);
                _magnitude[(i * Stride) + j] = magnitude;
                _turned[(j * Stride) + i] = magnitude;
                largest = Math.Max(largest, magnitude);
            }
        _tolerance = RelativeTolerance * largest;
    }

    /// <summary>Starts from the tile of an earlier mask; false if that is no mask of this pattern, which leaves the tile empty.</summary>
    public bool Start(Mask previous, int row, int column)
    {
        if (IsOctet)
            return StartOctet(previous, row, column);
        for (var i = 0; i < _group; i++)
            for (var kept = MaskBits.Read(previous.Row(row + i), column, _group); kept != 0; kept &= kept - 1)
                Keep(i, BitOperations.TrailingZeroCount(kept));
        var full = true;
        for (var i = 0; i < _group; i++)
            full &= _rowCount[i] == _keep && _columnCount[i] == _keep;
        if (full)
            return true;
        Clear();
        return false;
    }

    /// <summary>Stage 1: from the largest to the smallest, keeps what row and column have room for.</summary>
    public void Greedy()
    {
        if (IsOctet)
        {
            GreedyOctet();
            return;
        }
        var cells = _order.AsSpan(0, _group * _group);
        for (var i = 0; i < _group; i++)
            for (var j = 0; j < _group; j++)
                cells[(i * _group) + j] =
                    ((ulong)~BitConverter.SingleToUInt32Bits((float)Magnitude(i, j)) << 32) | (uint)((i * Stride) + j);
        cells.Sort();
        foreach (var cell in cells)
        {
            var (i, j) = ((int)((uint)cell / Stride), (int)((uint)cell % Stride));
            if (_rowCount[i] < _keep && _columnCount[j] < _keep)
                Keep(i, j);
        }
    }

    /// <summary>
    /// Stage 2: gives every row its N, one weight at a time: a free one, or two for one that is given up, whichever gains most.
    /// </summary>
    public void Fill()
    {
        while (BestFill() is var (i, j, a, q) && i >= 0)
        {
            if (a < 0)
            {
                Keep(i, j);
                continue;
            }
            Drop(a, q);
            Keep(i, q);
            Keep(a, j);
        }
    }

    /// <summary>
    /// The best way to put one weight more into an open row i and an open column j: (i, j) itself if a is -1, else (i, q) and (a, j) for
    /// (a, q).
    /// </summary>
    private (int I, int J, int A, int Q) BestFill()
    {
        var best = (I: -1, J: -1, A: -1, Q: -1);
        var bestGain = double.NegativeInfinity;
        for (var i = 0; i < _group; i++)
            for (var j = 0; j < _group && _rowCount[i] < _keep; j++)
            {
                if (_columnCount[j] == _keep)
                    continue;
                if (!IsKept(i, j) && Magnitude(i, j) > bestGain)
                    (best, bestGain) = ((i, j, -1, -1), Magnitude(i, j));
                for (var a = 0; a < _group; a++)
                {
                    if (a == i || IsKept(a, j))
                        continue;
                    for (var open = _rows[a] & ~_rows[i]; open != 0; open &= open - 1)
                    {
                        var q = BitOperations.TrailingZeroCount(open);
                        var gain = Magnitude(i, q) + Magnitude(a, j) - Magnitude(a, q);
                        if (gain > bestGain)
                            (best, bestGain) = ((i, j, a, q), gain);
                    }
                }
            }
        return best;
    }

    private void Clear()
    {
        Array.Clear(_rows);
        Array.Clear(_rowCount);
        Array.Clear(_columnCount);
        Array.Clear(_known);
        // Rows past the last one count as kept: no move leads there.
        Array.Fill(_columns, _group == Stride ? 0 : uint.MaxValue << _group);
    }

    private double Magnitude(int i, int j) => _magnitude[(i * Stride) + j];

    private bool IsKept(int i, int j) => (_rows[i] >> j & 1) != 0;

    private void Keep(int i, int j)
    {
        _rows[i] |= 1u << j;
        _columns[j] |= 1u << i;
        _rowCount[i]++;
        _columnCount[j]++;
    }

    private void Drop(int i, int j)
    {
        _rows[i] &= ~(1u << j);
        _columns[j] &= ~(1u << i);
        _rowCount[i]--;
        _columnCount[j]--;
    }
}
