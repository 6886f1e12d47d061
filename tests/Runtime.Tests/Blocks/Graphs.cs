namespace SparseSharp.Runtime.Tests.Blocks;

/// <summary>Graphs for tests of what is built on graphs; they are made here from their definition.</summary>
internal static class Graphs
{
    private static readonly int[] Polynomials = [3, 7, 0xB, 0x13, 0x25, 0x43, 0x89, 0x11B];

    /// <summary>The example of the packed order: 16 x 16, blocks of 2 x 2.</summary>
    public static RamanujanPattern Tiny { get; } = Pattern(Of(2, 2, [[1], [0]]), 2, 1, Of(4, 4, [[0, 2], [1, 3], [0, 3], [1, 2]]), 1, 2);

    /// <summary>The factors of the paper's figure: 16 x 8, with two rows per block and two repetitions of rows.</summary>
    public static RamanujanPattern Figure { get; } = Pattern(Of(2, 2, [[1], [0]]), 2, 1, Of(2, 2, [[0], [1]]), 2, 2);

    /// <summary>What the planner gives a layer of 1024 x 1024 at 75 %.</summary>
    public static RamanujanPattern Square1024 { get; } = Pattern(Lift(8, 8, 2), 4, 1, Lift(8, 8, 2), 1, 4);

    public static RamanujanPattern Pattern(
        GraphFactor outer, int rowRepeats, int columnRepeats, GraphFactor inner, int blockRows, int blockColumns) =>
        new(outer, rowRepeats, columnRepeats, inner, blockRows, blockColumns,
            RamanujanPattern.ComputeHash(outer, rowRepeats, columnRepeats, inner, blockRows, blockColumns));

    public static GraphFactor Of(int rows, int columns, int[][] lists) =>
        new(rows, columns, lists[0].Length, lists.SelectMany(list => list).Select(column => (ushort)column).ToArray());

    /// <summary>
    /// A complete graph of <paramref name="a"/> x <paramref name="b"/>, lifted by a power of two with the table of products in a field.
    /// </summary>
    public static GraphFactor Lift(int a, int b, int lift)
    {
        var bits = Math.Max(1, (int)Math.Ceiling(Math.Log2(Math.Max(Math.Max(a, b), lift))));
        return Of(a * lift, b * lift, [.. from i in Enumerable.Range(0, a) from x in Enumerable.Range(0, lift)
            select (from j in Enumerable.Range(0, b) select (j * lift) + (x ^ (Multiply(i, j, bits) & (lift - 1)))).ToArray()]);
    }

    private static int Multiply(int a, int b, int bits)
    {
        var product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) * a;
            a <<= 1;
            if (a >> bits != 0)
                a ^= Polynomials[bits - 1];
        }
        return product;
    }
}
