using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Masks;

/// <summary>A 4x4 tile of a mask as one 16-bit code: row r in bits 4r to 4r + 3, bit j of a row is column j of the tile.</summary>
internal static class TileCodes
{
    /// <summary>Tiles in one word of each of four rows.</summary>
    public const int TilesPerWord = 16;

    private const ulong EvenNibble = 0x000F_000F_000F_000F;

    /// <summary>Tiles in a row block of a matrix; the last one may be ragged.</summary>
    public static int Count(int columns) => (columns + 3) / 4;

    /// <summary>Reads the codes of rows 4·<paramref name="blockRow"/> to 4·<paramref name="blockRow"/> + 3; rows and columns past the end of the mask are 0.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="blockRow">The row block.</param>
    /// <param name="codes">One code per tile, at least <see cref="Count"/> of the columns.</param>
    public static void Read(Mask mask, int blockRow, Span<ushort> codes)
    {
        var row = 4 * blockRow;
        var rows = mask.Words[(row * mask.WordsPerRow)..];
        var stride = mask.WordsPerRow;
        var present = Math.Min(4, mask.Rows - row);
        codes = codes[..Count(mask.Columns)];
        Span<ushort> last = stackalloc ushort[TilesPerWord];
        for (var word = 0; word < stride; word++)
        {
            var w0 = rows[word];
            var w1 = present > 1 ? rows[stride + word] : 0;
            var w2 = present > 2 ? rows[(2 * stride) + word] : 0;
            var w3 = present > 3 ? rows[(3 * stride) + word] : 0;
            if (codes.Length >= TilesPerWord)
            {
                Gather(w0, w1, w2, w3, codes);
                codes = codes[TilesPerWord..];
            }
            else
            {
                Gather(w0, w1, w2, w3, last);
                last[..codes.Length].CopyTo(codes);
            }
        }
    }

    /// <summary>Writes 16 codes as word <paramref name="word"/> of rows <paramref name="row"/> to <paramref name="row"/> + 3.</summary>
    public static unsafe void Write(ushort* codes, Mask mask, int row, int word)
    {
        var stride = mask.WordsPerRow;
        var words = mask.Words.Slice((row * stride) + word, (3 * stride) + 1);
        var tiles = (ulong*)codes;
        words[0] = RowOf(tiles, 0);
        words[stride] = RowOf(tiles, 1);
        words[2 * stride] = RowOf(tiles, 2);
        words[3 * stride] = RowOf(tiles, 3);
    }

    private static void Gather(ulong w0, ulong w1, ulong w2, ulong w3, Span<ushort> codes)
    {
        var four = MemoryMarshal.Cast<ushort, ulong>(codes[..TilesPerWord]);
        for (var i = 0; i < four.Length; i++)
        {
            four[i] = Spread((ushort)w0) | (Spread((ushort)w1) << 4) | (Spread((ushort)w2) << 8) | (Spread((ushort)w3) << 12);
            (w0, w1, w2, w3) = (w0 >> 16, w1 >> 16, w2 >> 16, w3 >> 16);
        }
    }

    private static unsafe ulong RowOf(ulong* tiles, int row)
    {
        var shift = 4 * row;
        return Collect(tiles[0] >> shift) | (Collect(tiles[1] >> shift) << 16)
            | (Collect(tiles[2] >> shift) << 32) | (Collect(tiles[3] >> shift) << 48);
    }

    /// <summary>The four nibbles of a number, each at the bottom of 16 bits.</summary>
    private static ulong Spread(ulong nibbles)
    {
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitDeposit(nibbles, EvenNibble);
        nibbles = (nibbles | (nibbles << 24)) & 0x0000_00FF_0000_00FF;
        return (nibbles | (nibbles << 12)) & EvenNibble;
    }

    /// <summary>The reverse of <see cref="Spread"/>; other bits are ignored.</summary>
    private static ulong Collect(ulong nibbles)
    {
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitExtract(nibbles, EvenNibble);
        nibbles &= EvenNibble;
        nibbles = (nibbles | (nibbles >> 12)) & 0x0000_00FF_0000_00FF;
        return (nibbles | (nibbles >> 24)) & 0xFFFF;
    }
}
