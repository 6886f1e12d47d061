using System.Numerics;

namespace SparseSharp.Masks;

/// <summary>How many weights the rows and columns of a mask keep.</summary>
internal static unsafe class MaskCounts
{
    /// <summary>Weights that some rows keep.</summary>
    public static long InRows(Mask mask, int first, int end)
    {
        long count = 0;
        foreach (var word in mask.Words[(first * mask.WordsPerRow)..(end * mask.WordsPerRow)])
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>
    /// Weights that a row keeps in columns <c>[first, end)</c>, where <paramref name="first"/> is a multiple of 64 and so is
    /// <paramref name="end"/>, unless it is the last.
    /// </summary>
    public static int InRow(Mask mask, int row, int first, int end)
    {
        var count = 0;
        foreach (var word in mask.Row(row)[(first / 64)..((end + 63) / 64)])
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>The columns of a word that keep another number of weights than N in up to 63 rows, a bit each.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="word">The word of a row.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">After the last row.</param>
    /// <param name="keep">N.</param>
    public static ulong ColumnsWithOther(Mask mask, int word, int first, int end, int keep)
    {
        const int Digits = 6;
        // The counts of all columns in binary: each word has one digit of all of them.
        var digits = stackalloc ulong[Digits];
        new Span<ulong>(digits, Digits).Clear();
        for (; first < end; first++)
        {
            var carry = mask.Row(first)[word];
            for (var digit = 0; carry != 0; digit++)
                (digits[digit], carry) = (digits[digit] ^ carry, digits[digit] & carry);
        }
        var others = 0UL;
        for (var digit = 0; digit < Digits; digit++)
            others |= digits[digit] ^ ((keep >> digit & 1) != 0 ? ulong.MaxValue : 0);
        return others & mask.UsedBits(word);
    }

    /// <summary>
    /// Weights that the 64 columns of a word keep in rows <c>[first, end)</c>: counted for eight columns at a time, a byte each.
    /// </summary>
    /// <param name="mask">The mask.</param>
    /// <param name="second">A mask that must keep them too, or null.</param>
    /// <param name="word">The word of a row.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">After the last row.</param>
    /// <param name="counts">Receives 64 counts.</param>
    public static void InColumns(Mask mask, Mask? second, int word, int first, int end, int* counts)
    {
        var bytes = stackalloc ulong[8];
        new Span<int>(counts, 64).Clear();
        while (first < end)
        {
            // A byte counts to 255.
            var last = Math.Min(end, first + byte.MaxValue);
            new Span<ulong>(bytes, 8).Clear();
            for (; first < last; first++)
            {
                var kept = mask.Row(first)[word];
                if (second is not null)
                    kept &= second.Row(first)[word];
                for (var octet = 0; octet < 8; octet++)
                    bytes[octet] += MaskBits.Spread((byte)(kept >> (8 * octet)));
            }
            for (var column = 0; column < 64; column++)
                counts[column] += ((byte*)bytes)[column];
        }
    }
}
