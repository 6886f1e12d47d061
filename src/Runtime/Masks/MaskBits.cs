namespace SparseSharp.Masks;

/// <summary>Up to 32 consecutive bits of a row of a mask, which may lie in two words.</summary>
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

    private static ulong Low(int count) => (1UL << count) - 1;
}
