using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Masks.Search;

/// <summary>A 4x4 tile of a mask as one 16-bit code: row r in bits 4r to 4r + 3, bit j of a row is column j of the tile.</summary>
internal static class TileCodes
{
    /// <summary>Tiles in one word of each of four rows.</summary>
    public const int TilesPerWord = 16;

    private const ulong EvenNibble = 0x000F_000F_000F_000F;

    /// <summary>Tiles in a row block of a matrix; the last one may be ragged.</summary>
    public static int Count(int columns) => (columns + 3) / 4;

    /// <summary>
    /// Reads the codes of rows 4·<paramref name="blockRow"/> to 4·<paramref name="blockRow"/> + 3; rows and columns past the end of the
    /// mask are 0.
    /// </summary>
    /// <param name="mask">The mask.</param>
    /// <param name="blockRow">The row block.</param>
    /// <param name="codes">One code per tile, at least <see cref="Count"/> of the columns.</param>
    public static unsafe void Read(Mask mask, int blockRow, Span<ushort> codes)
    {
        var row = 4 * blockRow;
        var present = Math.Min(4, mask.Rows - row);
        var stride = mask.WordsPerRow;
        var left = Count(mask.Columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(codes.Length, left);
        var last = stackalloc ushort[TilesPerWord];
        fixed (ulong* rows = mask.Words[(row * stride)..])
        fixed (ushort* target = codes)
        {
            for (var word = 0; word < stride; word++, left -= TilesPerWord)
            {
                var whole = left >= TilesPerWord;
                Gather(
                    rows[word],
                    present > 1 ? rows[stride + word] : 0,
                    present > 2 ? rows[(2 * stride) + word] : 0,
                    present > 3 ? rows[(3 * stride) + word] : 0,
                    (ulong*)(whole ? target + (word * TilesPerWord) : last));
                if (!whole)
                    new ReadOnlySpan<ushort>(last, left).CopyTo(codes[(word * TilesPerWord)..]);
            }
        }
    }

    /// <summary>Writes 16 codes as one word of each of four rows.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="words">The word of the first row.</param>
    /// <param name="stride">Words between rows.</param>
    public static unsafe void Write(ushort* codes, ulong* words, nint stride)
    {
        var tiles = (ulong*)codes;
        words[0] = RowOf(tiles, 0);
        words[stride] = RowOf(tiles, 4);
        words[2 * stride] = RowOf(tiles, 8);
        words[3 * stride] = RowOf(tiles, 12);
    }

    private static unsafe void Gather(ulong w0, ulong w1, ulong w2, ulong w3, ulong* tiles)
    {
        tiles[0] = Column(w0, w1, w2, w3, 0);
        tiles[1] = Column(w0, w1, w2, w3, 16);
        tiles[2] = Column(w0, w1, w2, w3, 32);
        tiles[3] = Column(w0, w1, w2, w3, 48);
    }

    /// <summary>Four codes from 16 columns of four rows.</summary>
    private static ulong Column(ulong w0, ulong w1, ulong w2, ulong w3, int first) =>
        Spread((ushort)(w0 >> first)) | (Spread((ushort)(w1 >> first)) << 4)
        | (Spread((ushort)(w2 >> first)) << 8) | (Spread((ushort)(w3 >> first)) << 12);

    private static unsafe ulong RowOf(ulong* tiles, int shift) =>
        Collect(tiles[0] >> shift) | (Collect(tiles[1] >> shift) << 16)
        | (Collect(tiles[2] >> shift) << 32) | (Collect(tiles[3] >> shift) << 48);

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
