using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Masks;

/// <summary>Bits of a row of a mask: up to 32 consecutive ones, which may lie in two words, and eight as bytes.</summary>
internal static class MaskBits
{
    private const int WordBits = 64;

    public static uint Read(ReadOnlySpan<ulong> row, int start, int count)
    {
        var (word, shift) = (start / WordBits, start % WordBits);
        var bits = row[word] >> shift;
        if (shift + count > WordBits)
            bits |= row[word + 1] << (WordBits - shift);
        return (uint)(bits & Low(count));
    }

    public static void Write(Span<ulong> row, int start, int count, uint bits)
    {
        var (word, shift) = (start / WordBits, start % WordBits);
        row[word] = (row[word] & ~(Low(count) << shift)) | ((ulong)bits << shift);
        if (shift + count <= WordBits)
            return;
        var written = WordBits - shift;
        row[word + 1] = (row[word + 1] & ~(Low(count) >> written)) | ((ulong)bits >> written);
    }

    /// <summary>Eight bits as eight bytes.</summary>
    public static ulong Spread(byte bits)
    {
        const ulong Ones = 0x0101_0101_0101_0101;
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitDeposit(bits, Ones);
        // Bit i stays in byte i; the addition brings it to the highest place there.
        return (((bits * Ones) & 0x8040_2010_0804_0201) + 0x7F7F_7F7F_7F7F_7F7F) >> 7 & Ones;
    }

    private static ulong Low(int count) => (1UL << count) - 1;
}
