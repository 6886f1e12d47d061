using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>What packing needs to know of each of the 90 patterns of a 4 by 4 tile with two weights per row and column.</summary>
internal static unsafe class PairedTables
{
    private const int Patterns = 90;

    private static readonly PinnedBuffer<byte> s_patternOfCode = new(65536);
    private static readonly PinnedBuffer<int> s_lanes = new(Patterns * 16);
    private static readonly PinnedBuffer<int> s_transfer = new(Patterns * 8);
    private static readonly PinnedBuffer<byte> s_listOf = new(Patterns * 4);
    private static readonly PinnedBuffer<uint> s_columnsOf = new(Patterns * 4);

    /// <summary>Rows of the first and the second column of a pair, per list.</summary>
    private static readonly (int[] First, int[] Second)[] Lists = [([0, 1], [2, 3]), ([0, 2], [1, 3]), ([0, 3], [1, 2])];

    static PairedTables()
    {
        int[] rows = [0b0011, 0b0101, 0b1001, 0b0110, 0b1010, 0b1100];
        var pattern = 0;
        foreach (var a in rows)
        {
            foreach (var b in rows)
            {
                foreach (var c in rows)
                {
                    foreach (var d in rows)
                    {
                        if (ColumnsKeepTwo(a, b, c, d))
                            Describe(pattern++, a | b << 4 | c << 8 | d << 12);
                    }
                }
            }
        }
    }

    /// <summary>Pattern of a tile code: row r in bits 4r to 4r+3.</summary>
    public static byte* PatternOfCode => s_patternOfCode.Pointer;

    /// <summary>Per pattern 16 lanes of a tile (4·row + column): two forward quads, then two of the other orientation.</summary>
    public static int* Lanes => s_lanes.Pointer;

    /// <summary>Per pattern, for each of the 8 weights of the other orientation, its number among the 8 forward ones.</summary>
    public static int* Transfer => s_transfer.Pointer;

    /// <summary>Per pattern the list of each quad.</summary>
    public static byte* ListOf => s_listOf.Pointer;

    /// <summary>Per pattern the two columns of each quad, the second in the high half.</summary>
    public static uint* ColumnsOf => s_columnsOf.Pointer;

    private static bool ColumnsKeepTwo(int a, int b, int c, int d)
    {
        for (var j = 0; j < 4; j++)
        {
            if ((a >> j & 1) + (b >> j & 1) + (c >> j & 1) + (d >> j & 1) != 2)
                return false;
        }
        return true;
    }

    private static void Describe(int pattern, int code)
    {
        PatternOfCode[code] = (byte)pattern;
        for (var transposed = 0; transposed < 2; transposed++)
        {
            var quad = transposed * 2;
            for (var list = 0; list < Lists.Length; list++)
            {
                var first = Columns(code, Lists[list].First, transposed != 0);
                var second = Columns(code, Lists[list].Second, transposed != 0);
                for (var i = 0; i < first.Count; i++, quad++)
                {
                    ListOf[(pattern * 4) + quad] = (byte)list;
                    ColumnsOf[(pattern * 4) + quad] = (uint)(first[i] | second[i] << 16);
                    for (var r = 0; r < 4; r++)
                    {
                        var row = r < 2 ? Lists[list].First[r] : Lists[list].Second[r - 2];
                        var column = r < 2 ? first[i] : second[i];
                        Lanes[(pattern * 16) + (quad * 4) + r] = transposed != 0 ? (4 * column) + row : (4 * row) + column;
                    }
                }
            }
        }
        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < 8; j++)
            {
                if (Lanes[(pattern * 16) + j] == Lanes[(pattern * 16) + 8 + i])
                    Transfer[(pattern * 8) + i] = j;
            }
        }
    }

    /// <summary>Columns (rows, if transposed) of a tile that are kept in exactly two given rows (columns).</summary>
    private static List<int> Columns(int code, int[] rows, bool transposed)
    {
        var columns = new List<int>();
        for (var j = 0; j < 4; j++)
        {
            if ((code >> (transposed ? (4 * j) + rows[0] : (4 * rows[0]) + j) & 1) != 0
                && (code >> (transposed ? (4 * j) + rows[1] : (4 * rows[1]) + j) & 1) != 0)
                columns.Add(j);
        }
        return columns;
    }
}
