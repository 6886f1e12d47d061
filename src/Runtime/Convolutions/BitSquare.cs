namespace SparseSharp.Convolutions;

/// <summary>A square of bits, a word for each row.</summary>
internal static unsafe class BitSquare
{
    /// <summary>Rows and columns.</summary>
    public const int Size = 64;

    /// <summary>Turns rows into columns.</summary>
    /// <param name="rows">The rows, with room for all of a square.</param>
    /// <param name="height">Rows that count; what the others hold does not matter.</param>
    /// <param name="width">Columns that count; the others are 0.</param>
    public static void Transpose(ulong* rows, int height, int width)
    {
        if (Math.Min(height, width) < 4)
        {
            TransposeFew(rows, height, width);
            return;
        }
        new Span<ulong>(rows + height, Size - height).Clear();
        var mask = ~0UL >> (Size / 2);
        for (var distance = Size / 2; distance != 0; distance /= 2, mask ^= mask << distance)
        {
            for (var row = 0; row < Size; row = (row + distance + 1) & ~distance)
            {
                var swapped = ((rows[row] >> distance) ^ rows[row + distance]) & mask;
                rows[row] ^= swapped << distance;
                rows[row + distance] ^= swapped;
            }
        }
    }

    /// <summary>Bit by bit: groups of few channels leave most of a square empty.</summary>
    private static void TransposeFew(ulong* rows, int height, int width)
    {
        var columns = stackalloc ulong[Size];
        for (var column = 0; column < width; column++)
        {
            columns[column] = 0;
            for (var row = 0; row < height; row++)
                columns[column] |= (rows[row] >> column & 1) << row;
        }
        for (var column = 0; column < width; column++)
            rows[column] = columns[column];
    }
}
