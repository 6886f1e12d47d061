using System.Numerics;
using System.Runtime.Intrinsics;
using SparseSharp.Kernels;

namespace SparseSharp.Matrices;

/// <summary>
/// Sorts the columns of a segment into quads. A column of two rows is paired with a column of the other two, a column of four with
/// itself, and a column of three gives whichever of its pairs the others lack; what remains is taken apart into singles. Rows that keep
/// equally many weights then have equally many singles.
/// </summary>
/// <remarks>
/// Loops of the same length from segment to segment are what a branch predictor learns, and each one that it does not learn costs as much
/// as two quads. The lists of pairs are therefore cut at a length that most segments reach.
/// </remarks>
internal sealed unsafe class QuadSorter(BucketFormat format)
{
    private const int MostColumns = 256;
    private const int WordsPerRow = MostColumns / 64;
    private const byte Alone = 6;

    /// <summary>
    /// The inverse of the density of a segment from which on pairs are looked for: of fewer weights hardly any finds a partner.
    /// </summary>
    private const int PairsFromOneIn = 3;

    /// <summary>Of 32 quads, those that a list of pairs may have at most.</summary>
    private const int LongestPairList = 7;

    /// <summary>The pair of a set of two rows: numbers p and 5 - p are complements.</summary>
    private static ReadOnlySpan<byte> PairOf => [Alone, Alone, Alone, 0, Alone, 1, 3, Alone, Alone, 2, 4, Alone, 5, Alone, Alone, Alone];

    /// <summary>The sets of rows of the six pairs.</summary>
    private static ReadOnlySpan<byte> SetOf => [3, 5, 9, 6, 10, 12];

    private static ReadOnlySpan<byte> RowsOfLists => [0, 1, 2, 3, 0, 2, 1, 3, 0, 3, 1, 2];

    /// <summary>The rows of the four weights of a quad: two share the first column, two the second.</summary>
    public static ReadOnlySpan<byte> PairedRows(int list) => RowsOfLists.Slice(list * 4, 4);

    /// <summary>
    /// Writes counts and positions of a segment. Each is written once: where only the other orientation is new, another worker may be
    /// reading this one, and then finds what was there before.
    /// </summary>
    /// <param name="weights">The orientation.</param>
    /// <param name="depthBlock">Its depth block.</param>
    /// <param name="block">Its row block.</param>
    /// <param name="keptRows">For each column of the depth block the set of rows that keep it, as four bits; with room for 256
    /// columns.</param>
    public void Sort(BucketWeights weights, int depthBlock, int block, byte* keptRows)
    {
        var length = weights.Length(depthBlock);
        var counts = weights.Counts + weights.CountOffset(depthBlock, block);
        var kept = weights.Kept + weights.KeptOffset(depthBlock, block);
        var index = weights.Index + weights.IndexOffset(depthBlock, block);
        var bits = stackalloc ulong[4 * WordsPerRow];
        ReadRows(keptRows, length, bits);
        CountRows(bits, kept);
        var quads = Math.Max(Math.Max(kept[0], kept[1]), Math.Max(kept[2], kept[3]));

        var pairs = 0;
        if (format == BucketFormat.PairsAndSingles && (kept[0] + kept[1] + kept[2] + kept[3]) * PairsFromOneIn >= 4 * length)
        {
            var pairOf = stackalloc byte[MostColumns];
            var limits = stackalloc int[3];
            new Span<int>(limits, 3).Clear();
            ChoosePairs(keptRows, length, quads, pairOf, limits);
            for (var list = 0; list < 3; list++)
            {
                counts[list] = (ushort)limits[list];
                pairs += limits[list];
            }
            Write(keptRows, length, pairOf, limits, index, quads - pairs);
        }
        else
        {
            for (var list = 0; list < weights.Lists - 1; list++)
                counts[list] = 0;
            WriteSingles(bits, kept, index, quads);
        }
        counts[weights.Lists - 1] = (ushort)(quads - pairs);
    }

    /// <summary>The columns of each row as bits: the reverse of sets of rows per column.</summary>
    private static void ReadRows(byte* keptRows, int length, ulong* bits)
    {
        for (var k = length; k < MostColumns; k++)
            keptRows[k] = 0;
        for (var row = 0; row < 4; row++)
        {
            for (var word = 0; word < WordsPerRow; word++)
            {
                // The highest bit of each byte is collected: that of the row is moved there.
                var low = Vector256.Load(keptRows + (word * 64)).AsUInt16() << (7 - row);
                var high = Vector256.Load(keptRows + (word * 64) + 32).AsUInt16() << (7 - row);
                bits[(row * WordsPerRow) + word] = low.AsByte()
                    .ExtractMostSignificantBits() | (ulong)high.AsByte()
                    .ExtractMostSignificantBits() << 32;
            }
        }
    }

    private static void CountRows(ulong* bits, ushort* kept)
    {
        for (var row = 0; row < 4; row++)
        {
            var count = 0;
            for (var word = 0; word < WordsPerRow; word++)
                count += BitOperations.PopCount(bits[(row * WordsPerRow) + word]);
            kept[row] = (ushort)count;
        }
    }

    /// <summary>Writes the positions of a segment without pairs: each row's columns in their order.</summary>
    private static void WriteSingles(ulong* bits, ushort* kept, ushort* index, int quads)
    {
        for (var row = 0; row < 4; row++)
        {
            var at = index + row;
            var last = 0;
            for (var word = 0; word < WordsPerRow; word++)
            {
                for (var rest = bits[(row * WordsPerRow) + word]; rest != 0; rest &= rest - 1, at += 4)
                    *at = (ushort)(last = (64 * word) + BitOperations.TrailingZeroCount(rest));
            }
            // As in Write: padding points at a column that its row keeps anyway.
            for (int quad = kept[row]; quad < quads; quad++, at += 4)
                *at = (ushort)last;
        }
    }

    /// <summary>Decides which pair, if any, each column gives, and how long each list is.</summary>
    private static void ChoosePairs(byte* keptRows, int length, int quads, byte* pairOf, int* limits)
    {
        var found = stackalloc int[6];
        new Span<int>(found, 6).Clear();
        for (var k = 0; k < length; k++)
        {
            pairOf[k] = PairOf[keptRows[k]];
            if (pairOf[k] != Alone)
                found[pairOf[k]]++;
        }
        for (var k = 0; k < length; k++)
        {
            if (BitOperations.PopCount(keptRows[k]) == 3)
                found[pairOf[k] = MostWanted(found, keptRows[k])]++;
        }
        for (var k = 0; k < length; k++)
        {
            if (keptRows[k] != 15)
                continue;
            var list = ShortestList(found);
            pairOf[k] = list;
            found[list]++;
            found[5 - list]++;
        }
        for (var list = 0; list < 3; list++)
            limits[list] = Math.Min(Matched(found, list), quads * LongestPairList / 32);
    }

    /// <summary>Among the pairs within a set of three rows, the one whose complement waits for most partners, or else the rarest.</summary>
    private static byte MostWanted(int* found, byte set)
    {
        byte best = 0;
        var bestScore = int.MinValue;
        for (byte pair = 0; pair < 6; pair++)
        {
            if ((SetOf[pair] & ~set) != 0)
                continue;
            var score = (Math.Max(0, found[5 - pair] - found[pair]) * MostColumns) - found[pair];
            if (score > bestScore)
                (best, bestScore) = (pair, score);
        }
        return best;
    }

    private static byte ShortestList(int* found)
    {
        byte shortest = 0;
        for (byte list = 1; list < 3; list++)
        {
            if (Matched(found, list) < Matched(found, shortest))
                shortest = list;
        }
        return shortest;
    }

    private static int Matched(int* found, int list) => Math.Min(found[list], found[5 - list]);

    private static void Write(byte* keptRows, int length, byte* pairOf, int* limits, ushort* index, int singles)
    {
        var lists = stackalloc ushort*[3];
        for (var list = 0; list < 3; list++)
        {
            lists[list] = index;
            index += limits[list] * 2;
        }
        var used = stackalloc int[6];
        new Span<int>(used, 6).Clear();
        var filled = stackalloc int[4];
        new Span<int>(filled, 4).Clear();
        var last = stackalloc int[4];
        new Span<int>(last, 4).Clear();
        for (var k = 0; k < length; k++)
        {
            uint alone = keptRows[k];
            for (var rows = alone; rows != 0; rows &= rows - 1)
                last[BitOperations.TrailingZeroCount(rows)] = k;
            if (pairOf[k] != Alone)
            {
                alone &= ~Place(k, pairOf[k], lists, used, limits);
                if (keptRows[k] == 15)
                    alone &= ~Place(k, 5 - pairOf[k], lists, used, limits);
            }
            for (; alone != 0; alone &= alone - 1)
            {
                var row = BitOperations.TrailingZeroCount(alone);
                index[(filled[row]++ * 4) + row] = (ushort)k;
            }
        }

        // Padding points at a column that its row keeps anyway: what is not a number there then spreads no further than it would.
        for (var row = 0; row < 4; row++)
        {
            while (filled[row] < singles)
                index[(filled[row]++ * 4) + row] = (ushort)last[row];
        }
    }

    /// <summary>Appends a column to the list of a pair; returns the rows that this provides for, none if the list is full.</summary>
    private static uint Place(int column, int pair, ushort** lists, int* used, int* limits)
    {
        var list = Math.Min(pair, 5 - pair);
        if (used[pair] == limits[list])
            return 0;
        lists[list][(used[pair]++ * 2) + (pair == list ? 0 : 1)] = (ushort)column;
        return SetOf[pair];
    }
}
