using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SparseSharp.Numerics;

namespace SparseSharp.Masks.Search;

/// <content>
/// Tiles of 8 by 8, the usual ones: a row of magnitudes, of moves or of distances is one vector, so the moves of all pairs of rows are
/// found again after every change instead of being remembered, and nothing branches on the weights. The masks are those of the general
/// stages, bit for bit.
/// </content>
internal sealed unsafe partial class TileSolver
{
    private const int Octet = 8;
    private const ulong Bytes = 0x0101010101010101;

    /// <summary>A byte of the rooms left in rows and columns has this bit as long as there is room.</summary>
    private const int RoomBit = 7;

    private readonly float[] _tile = new float[Octet * Octet];
    private readonly float[] _turnedTile = new float[Octet * Octet];
    private readonly int[] _rank = new int[Octet * Octet];
    private readonly byte[] _cellOfRank = new byte[Octet * Octet];

    private bool IsOctet => _group == Octet && usesVectors;

    private void LoadOctet(float* tile, nint stride)
    {
        fixed (float* magnitudes = _tile)
        fixed (float* turned = _turnedTile)
        {
            var largest = Vector256<float>.Zero;
            for (var i = 0; i < Octet; i++)
            {
                var row = Vector256.Abs(Vector256.Load(tile + (i * stride)));
                largest = Vector256.Max(largest, row);
                row.Store(magnitudes + (i * Octet));
            }
            Transpose.Octet(magnitudes, Octet, turned, Octet);
            for (var i = 0; i < Octet; i++)
            {
                Widen(magnitudes + (i * Octet)).StoreUnsafe(ref _magnitude[i * Stride]);
                Widen(turned + (i * Octet)).StoreUnsafe(ref _turned[i * Stride]);
            }
            var half = Vector128.Max(largest.GetLower(), largest.GetUpper());
            _tolerance = RelativeTolerance * Math.Max(Math.Max(half[0], half[1]), Math.Max(half[2], half[3]));
        }

        static Vector512<double> Widen(float* row)
        {
            var values = Vector256.Load(row);
            return Vector512.Create(Vector256.WidenLower(values), Vector256.WidenUpper(values));
        }
    }

    private bool StartOctet(Mask previous, int row, int column)
    {
        ulong tile = 0;
        for (var i = 0; i < Octet; i++)
            tile |= (ulong)MaskBits.Read(previous.Row(row + i), column, Octet) << (Octet * i);
        var turned = Turn(tile);
        var counts = Bytes * (ulong)_keep;
        if (BytePopCounts(tile) != counts || BytePopCounts(turned) != counts)
            return false;
        Take(tile, turned);
        return true;
    }

    /// <summary>Stage 1: ranks all cells by counting how many come before each, then visits them without a branch.</summary>
    private void GreedyOctet()
    {
        Rank();
        // A byte per row and per column: 128 as long as there is room, and less one for every weight kept beyond the first.
        var rowRoom = Bytes * (ulong)((1 << RoomBit) + _keep - 1);
        var columnRoom = rowRoom;
        ulong tile = 0;
        foreach (var cell in _cellOfRank)
        {
            var (i, j) = (cell / Octet * Octet, cell % Octet * Octet);
            var kept = (rowRoom >> (i + RoomBit)) & (columnRoom >> (j + RoomBit)) & 1;
            rowRoom -= kept << i;
            columnRoom -= kept << j;
            tile |= kept << cell;
        }
        Take(tile, Turn(tile));
    }

    private void Rank()
    {
        // Magnitudes order as their bits do.
        var cells = MemoryMarshal.Cast<float, int>(_tile.AsSpan());
        for (var row = 0; row < Octet; row++)
        {
            var own = Vector256.LoadUnsafe(ref cells[row * Octet]);
            var rank = Vector256<int>.Zero;
            // Of equal magnitudes the one with the lower index comes first.
            foreach (var bits in cells[..(row * Octet)])
                rank -= Vector256.GreaterThanOrEqual(Vector256.Create(bits), own);
            for (var column = 0; column < Octet; column++)
            {
                var behind = Vector256.GreaterThan(Vector256<int>.Indices, Vector256.Create(column));
                rank -= Vector256.GreaterThan(Vector256.Create(cells[(row * Octet) + column]), own + behind);
            }
            foreach (var bits in cells[((row + 1) * Octet)..])
                rank -= Vector256.GreaterThan(Vector256.Create(bits), own);
            rank.CopyTo(_rank, row * Octet);
        }
        for (var cell = 0; cell < Octet * Octet; cell++)
            _cellOfRank[_rank[cell]] = (byte)cell;
    }

    /// <summary>Stage 3 in the order of <see cref="Exchange"/>, but straight from one pair of rows that gains to the next.</summary>
    private void ExchangeOctet()
    {
        var (first, sweep) = (0, 0);
        for (var pairs = FindMovesOctet(); pairs != 0 && sweep < MaximumSweeps;)
        {
            var ahead = pairs & (ulong.MaxValue << first);
            if (ahead == 0)
            {
                (first, sweep) = (0, sweep + 1);
                continue;
            }
            first = BitOperations.TrailingZeroCount(ahead);
            var (i, a) = (first / Octet, first % Octet);
            var (taken, given) = ((int)_column[(a * Stride) + i], (int)_column[(i * Stride) + a]);
            Move(a, i, taken);
            Move(i, a, given);
            pairs = FindMovesOctet();
        }
    }

    /// <summary>Finds the best moves between all rows.</summary>
    /// <returns>Bit 8·i + a, i below a, of every two rows that gain when they hand each other a weight.</returns>
    private ulong FindMovesOctet()
    {
        var rowBits = Vector512.LoadUnsafe(ref s_rowBits[0]);
        var none = Vector512.Create(double.NegativeInfinity);
        var tolerance = Vector512.Create(_tolerance);
        ulong pairs = 0;
        for (var i = 0; i < Octet; i++)
        {
            var (given, taken, column) = (none, none, Vector512<long>.Zero);
            for (var movable = _rows[i]; movable != 0; movable &= movable - 1)
            {
                var t = BitOperations.TrailingZeroCount(movable);
                var gain = Vector512.LoadUnsafe(ref _turned[t * Stride]) - Vector512.Create(_magnitude[(i * Stride) + t]);
                var free = Vector512.Equals(Vector512.Create((long)_columns[t]) & rowBits, Vector512<long>.Zero);
                var better = Vector512.GreaterThan(gain, given).AsInt64() & free;
                given = Vector512.ConditionalSelect(better.AsDouble(), gain, given);
                column = Vector512.ConditionalSelect(better, Vector512.Create((long)t), column);
            }
            for (var movable = ~_rows[i] & byte.MaxValue; movable != 0; movable &= movable - 1)
            {
                var t = BitOperations.TrailingZeroCount(movable);
                var gain = Vector512.Create(_magnitude[(i * Stride) + t]) - Vector512.LoadUnsafe(ref _turned[t * Stride]);
                var free = Vector512.Equals(Vector512.Create((long)_columns[t]) & rowBits, Vector512<long>.Zero);
                taken = Vector512.ConditionalSelect(free.AsDouble() | Vector512.LessThanOrEqual(gain, taken), taken, gain);
            }
            given.StoreUnsafe(ref _gain[i * Stride]);
            column.StoreUnsafe(ref _column[i * Stride]);
            var gains = Vector512.GreaterThan(given + taken, tolerance).ExtractMostSignificantBits() & (0xFEul << i) & byte.MaxValue;
            pairs |= gains << (Octet * i);
        }
        _known[0] = uint.MaxValue;
        return pairs;
    }

    /// <summary><see cref="RowBehindCycle"/> with all distances in a vector.</summary>
    private int RowBehindCycleOctet()
    {
        if (_known[0] != uint.MaxValue)
            FindMovesOctet();
        var distance = Vector512<double>.Zero;
        var from = Vector512.Create(-1L);
        var tolerance = Vector512.Create(_tolerance);
        ulong changes = 0;
        for (var pass = 0; pass < Octet; pass++)
        {
            // A byte per row i: where its moves lead farther.
            changes = 0;
            for (var i = 0; i < Octet; i++)
            {
                var reached = Broadcast(distance, i) + Vector512.LoadUnsafe(ref _gain[i * Stride]);
                var farther = Vector512.GreaterThan(reached, distance + tolerance);
                distance = Vector512.ConditionalSelect(farther, reached, distance);
                from = Vector512.ConditionalSelect(farther.AsInt64(), Vector512.Create((long)i), from);
                changes |= farther.ExtractMostSignificantBits() << (Octet * i);
            }
            if (changes == 0)
                return -1;
        }
        from.CopyTo(_from);
        return BitOperations.Log2(changes) % Octet;
    }

    /// <summary>One distance in all lanes: by a permutation where the vector is a register, else through memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Broadcast(Vector512<double> vector, int lane) =>
        Avx512F.IsSupported ? Avx512F.PermuteVar8x64(vector, Vector512.Create((long)lane)) : Vector512.Create(vector[lane]);

    private void Take(ulong tile, ulong turned)
    {
        for (var i = 0; i < Octet; i++)
        {
            _rows[i] = (byte)(tile >> (Octet * i));
            _columns[i] = (byte)(turned >> (Octet * i));
            _rowCount[i] = BitOperations.PopCount(_rows[i]);
            _columnCount[i] = BitOperations.PopCount(_columns[i]);
        }
    }

    /// <summary>The transpose of 8 by 8 bits: swaps single bits, then pairs, then fours across the diagonal.</summary>
    private static ulong Turn(ulong tile)
    {
        tile = Swap(tile, 7, 0x00AA00AA00AA00AA);
        tile = Swap(tile, 14, 0x0000CCCC0000CCCC);
        return Swap(tile, 28, 0x00000000F0F0F0F0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Swap(ulong tile, int distance, ulong lower)
    {
        var different = (tile ^ (tile >> distance)) & lower;
        return tile ^ different ^ (different << distance);
    }

    /// <summary>Per byte the number of its bits.</summary>
    private static ulong BytePopCounts(ulong tile)
    {
        tile -= (tile >> 1) & 0x5555555555555555;
        tile = (tile & 0x3333333333333333) + ((tile >> 2) & 0x3333333333333333);
        return (tile + (tile >> 4)) & 0x0F0F0F0F0F0F0F0F;
    }
}
