namespace SparseSharp.Masks.Search;

/// <summary>
/// Every mask of a 4x4 tile with N ones per row and column: 90 for N = 2 (Hu et al., 2024), 24 for N = 1 and N = 3. They are numbered
/// lexicographically by the choices of row 0, 1, 2 and 3; of equally good patterns the one with the lowest number is the mask.
/// </summary>
internal sealed unsafe class TilePatterns
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Size = 4;

    private static readonly TilePatterns One = new([0x1, 0x2, 0x4, 0x8]);
    private static readonly TilePatterns Two = new([0x3, 0x5, 0x9, 0x6, 0xA, 0xC]);
    private static readonly TilePatterns Three = new([0x7, 0xB, 0xD, 0xE]);

    private TilePatterns(byte[] choices)
    {
        Choices = choices;
        var (codes, tops, bottoms) = (new List<ushort>(), new List<int>(), new List<int>());
        var count = choices.Length;
        for (var top = 0; top < count * count; top++)
            for (var bottom = 0; bottom < count * count; bottom++)
            {
                var code = Code(top, 0) | Code(bottom, 8);
                if (!HasEqualColumns(code))
                    continue;
                codes.Add((ushort)code);
                tops.Add(top);
                bottoms.Add(bottom);
            }
        Codes = [.. codes];
        Tops = [.. tops];
        Bottoms = [.. bottoms];

        int Code(int half, int shift) => (choices[half / count] | (choices[half % count] << 4)) << shift;
    }

    /// <summary>Rows that may stand in a tile: 4 bits, bit j is column j.</summary>
    public byte[] Choices { get; }

    /// <summary>Per pattern its rows, row r in bits 4r to 4r + 3.</summary>
    public ushort[] Codes { get; }

    /// <summary>Per pattern the choices of rows 0 and 1, as (choice 0) · choices + (choice 1).</summary>
    public int[] Tops { get; }

    /// <summary>Per pattern the choices of rows 2 and 3.</summary>
    public int[] Bottoms { get; }

    /// <summary>The patterns that keep <paramref name="keep"/> of 4.</summary>
    public static TilePatterns For(int keep) => keep switch
    {
        1 => One,
        2 => Two,
        3 => Three,
        _ => throw new ArgumentOutOfRangeException(nameof(keep)),
    };

    /// <summary>
    /// The mask of one tile: the first pattern of the largest kept mass. The scalar reference of all vector paths; they agree with it bit
    /// for bit because all sum in float32 as (row 0 + row 1) + (row 2 + row 3), each row from left to right.
    /// </summary>
    public ushort Best(float* tile, nint stride)
    {
        var count = Choices.Length;
        var sums = stackalloc float[Size * count];
        for (var row = 0; row < Size; row++)
            for (var choice = 0; choice < count; choice++)
                sums[(row * count) + choice] = RowSum(tile + (row * stride), Choices[choice]);

        var (best, bestScore) = (0, -1f);
        for (var pattern = 0; pattern < Codes.Length; pattern++)
        {
            var (first, second) = Math.DivRem(Tops[pattern], count);
            var (third, fourth) = Math.DivRem(Bottoms[pattern], count);
            var score = sums[first] + sums[count + second] + (sums[(2 * count) + third] + sums[(3 * count) + fourth]);
            if (score > bestScore)
                (best, bestScore) = (pattern, score);
        }
        return Codes[best];
    }

    private static float RowSum(float* row, int choice)
    {
        var sum = 0f;
        for (var column = 0; column < Size; column++)
            if ((choice >> column & 1) != 0)
                sum += Math.Abs(row[column]);
        return sum;
    }

    /// <summary>Whether all columns keep as many weights as row 0 does.</summary>
    private static bool HasEqualColumns(int code)
    {
        var keep = int.PopCount(code & 0xF);
        for (var column = 0; column < Size; column++)
            if (int.PopCount(code & (0x1111 << column)) != keep)
                return false;
        return true;
    }
}
