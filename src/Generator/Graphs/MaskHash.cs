namespace SparseSharp.Generator.Graphs;

/// <summary>The hash of a mask's structure (FNV-1a over 16-bit numbers, low byte first).</summary>
internal static class MaskHash
{
    public static ulong Of(BipartiteGraph outer, int rowRepeats, int columnRepeats, BipartiteGraph inner, int blockRows, int blockColumns)
    {
        var hash = 0xCBF29CE484222325;
        int[] sizes = [outer.Rows, outer.Columns, rowRepeats, columnRepeats, inner.Rows, inner.Columns, blockRows, blockColumns,
            outer.Degree, inner.Degree];
        foreach (var size in sizes)
            Add(size);
        foreach (var neighbour in outer.Neighbours)
            Add(neighbour);
        foreach (var neighbour in inner.Neighbours)
            Add(neighbour);
        return hash;

        void Add(int number)
        {
            hash = unchecked((hash ^ (byte)number) * 0x100000001B3);
            hash = unchecked((hash ^ (byte)(number >> 8)) * 0x100000001B3);
        }
    }
}
