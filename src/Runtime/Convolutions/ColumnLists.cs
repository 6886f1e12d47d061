using System.Numerics;
using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// The columns of four rows in the lists of a format. A column that two rows keep is a side of a pair; one of all four is both sides; one
/// of three gives a pair to whatever lacks a partner; what finds none becomes singles. Each thread has lists, which are filled again and
/// again.
/// </summary>
internal sealed unsafe class ColumnLists
{
    /// <summary>Lists that a format may have: columns of all rows, pairs, and singles of each row.</summary>
    public const int Kinds = 1 + BucketKernel.PairLists + ConvolutionTiles.Rows;

    private const int Sides = 2 * BucketKernel.PairLists;

    [ThreadStatic]
    private static ColumnLists? t_lists;

    private readonly int[] _counts = new int[Sides + ConvolutionTiles.Rows];
    private NativeBuffer<long>? _memory;
    private int _capacity;
    private int _columns;

    /// <summary>Rows of each side, as bits.</summary>
    private static ReadOnlySpan<byte> RowsOfSide => [3, 12, 5, 10, 9, 6];

    /// <summary>The list of a column by the rows that keep it: a side, singles of a row, or what all or three rows keep.</summary>
    private static ReadOnlySpan<byte> ListOfRows => [0, 6, 7, 0, 8, 2, 5, Three, 9, 4, 3, Three, 1, Three, Three, Four];

    private const byte Four = 10;

    private const byte Three = 11;

    /// <summary>The lists of this thread, empty.</summary>
    /// <param name="columns">Columns that there may be.</param>
    public static ColumnLists OfThread(int columns)
    {
        var lists = t_lists ??= new ColumnLists();
        lists._capacity = columns;
        // One more than the lists of columns is for their rows, a byte each.
        Scratch.Reserve(ref lists._memory, (2L + Sides + ConvolutionTiles.Rows) * columns);
        return lists;
    }

    /// <summary>Columns that some row keeps, in order.</summary>
    public ReadOnlySpan<long> Columns => new(_memory!.Pointer, _columns);

    /// <summary>The rows that keep each of them, as bits.</summary>
    public ReadOnlySpan<byte> RowSets => new(Sets, _columns);

    private byte* Sets => (byte*)(_memory!.Pointer + ((1L + Sides + ConvolutionTiles.Rows) * _capacity));

    /// <summary>The columns of a list, in the order of <see cref="Kinds"/>; of pairs the first ones.</summary>
    public ReadOnlySpan<long> OfKind(int kind) => kind == 0 ? Columns
        : kind <= BucketKernel.PairLists ? Side(kind - 1, 0)
        : Singles(kind - 1 - BucketKernel.PairLists);

    /// <summary>Pairs of a list.</summary>
    public int Pairs(int list) => Math.Min(_counts[2 * list], _counts[(2 * list) + 1]);

    /// <summary>One side of the pairs of a list: 0 or 1.</summary>
    public ReadOnlySpan<long> Side(int list, int side) => new(List((2 * list) + side), Pairs(list));

    /// <summary>Columns of a single row.</summary>
    public ReadOnlySpan<long> Singles(int row) => new(List(Sides + row), _counts[Sides + row]);

    /// <summary>Takes the columns that rows keep, four channels at each tap.</summary>
    /// <param name="places">The columns.</param>
    /// <param name="group">The group of the rows.</param>
    /// <param name="rows">One to four rows.</param>
    /// <param name="channels">The first channel, a multiple of 4, and the end.</param>
    /// <param name="taps">The first tap and the end.</param>
    public void Read(ColumnPlaces places, int group, ReadOnlySpan<int> rows, (int First, int End) channels, (int First, int End) taps)
    {
        var (view, step) = (places.View, places.ChannelStep);
        var columns = _memory!.Pointer;
        var sets = Sets;
        var end = columns;
        if (view.IsDense)
        {
            for (var four = channels.First; four < channels.End; four += 4)
            {
                for (var tap = taps.First; tap < taps.End; tap++)
                {
                    var column = places.Column(group, four, tap);
                    for (var channel = four; channel < Math.Min(four + 4, channels.End); channel++, column += step)
                        *end++ = column;
                }
            }
            _columns = (int)(end - columns);
            new Span<byte>(sets, _columns).Fill((byte)((1 << rows.Length) - 1));
            return;
        }
        // A row that is missing reads another one, of which nothing is left.
        var b0 = view.Bits(rows[0]);
        var b1 = view.Bits(rows[Math.Min(1, rows.Length - 1)]);
        var b2 = view.Bits(rows[Math.Min(2, rows.Length - 1)]);
        var b3 = view.Bits(rows[^1]);
        for (var four = channels.First; four < channels.End; four += 4)
        {
            for (var tap = taps.First; tap < taps.End; tap++)
            {
                var (word, shift) = (((nint)places.Taps[tap] * view.Words) + (four >> 6), four & 63);
                var bits = ((uint)(b0[word] >> shift) & 15) | (((uint)(b1[word] >> shift) & 15) << 4)
                    | (((uint)(b2[word] >> shift) & 15) << 8) | (((uint)(b3[word] >> shift) & 15) << 12);
                bits &= (1u << (4 * rows.Length)) - 1;
                if (bits == 0)
                    continue;
                // From a row of bits for each row of weights to one for each channel.
                var swapped = (bits ^ (bits >> 3)) & 0x0A0A;
                bits ^= swapped ^ (swapped << 3);
                swapped = (bits ^ (bits >> 6)) & 0x00CC;
                bits ^= swapped ^ (swapped << 6);
                var column = places.Column(group, four, tap);
                for (; bits != 0; bits >>= 4, column += step)
                {
                    // Written where nobody reads it if no row keeps the column.
                    *end = column;
                    *sets = (byte)(bits & 15);
                    var isKept = (bits & 15) != 0 ? 1 : 0;
                    end += isKept;
                    sets += isKept;
                }
            }
        }
        _columns = (int)(end - columns);
        GC.KeepAlive(view);
    }

    /// <summary>Sorts the columns into the lists of a format.</summary>
    public void Sort(ConvolutionFormat format)
    {
        Array.Clear(_counts);
        if (format is ConvolutionFormat.Columns or ConvolutionFormat.OneChannel)
            return;
        var columns = _memory!.Pointer;
        var sets = Sets;
        var threes = 0;
        for (var i = 0; i < _columns; i++)
        {
            var list = ListOfRows[sets[i]];
            if (format == ConvolutionFormat.Singles)
            {
                AddSingles(columns[i], sets[i]);
            }
            else if (list < Four)
            {
                Add(list, columns[i]);
            }
            else if (list == Four)
            {
                Add(0, columns[i]);
                Add(1, columns[i]);
            }
            else
            {
                threes++;
            }
        }
        for (var i = 0; threes > 0; i++)
        {
            if (ListOfRows[sets[i]] != Three)
                continue;
            threes--;
            var side = SideOfThree(sets[i]);
            Add(side, columns[i]);
            AddSingles(columns[i], sets[i] & ~RowsOfSide[side]);
        }
        for (var side = 0; side < Sides; side++)
        {
            for (var i = Pairs(side / 2); i < _counts[side]; i++)
                AddSingles(List(side)[i], RowsOfSide[side]);
        }
    }

    /// <summary>How many columns each list has, in the order of <see cref="Kinds"/>.</summary>
    public void Count(ConvolutionFormat format, Span<int> counts)
    {
        counts[0] = format is ConvolutionFormat.Columns or ConvolutionFormat.OneChannel ? _columns : 0;
        for (var list = 0; list < BucketKernel.PairLists; list++)
            counts[1 + list] = Pairs(list);
        _counts.AsSpan(Sides).CopyTo(counts[(1 + BucketKernel.PairLists)..]);
    }

    /// <summary>The side that lacks most partners of those that three rows have.</summary>
    private int SideOfThree(int rows)
    {
        var best = -1;
        for (var side = 0; side < Sides; side++)
        {
            var lack = _counts[side ^ 1] - _counts[side];
            if ((rows & RowsOfSide[side]) == RowsOfSide[side] && (best < 0 || lack > _counts[best ^ 1] - _counts[best]))
                best = side;
        }
        return best;
    }

    private void AddSingles(long column, int rows)
    {
        for (; rows != 0; rows &= rows - 1)
            Add(Sides + BitOperations.TrailingZeroCount(rows), column);
    }

    private void Add(int list, long column) => List(list)[_counts[list]++] = column;

    private long* List(int list) => _memory!.Pointer + ((1L + list) * _capacity);
}
