using System.Runtime.Intrinsics;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// Packs any mask in quads of four weights, one of each row of a block: pairs of columns where the format has them, and singles.
/// </summary>
/// <param name="mask">Which weights are kept.</param>
/// <param name="secondMask">Which of them the other orientation keeps, or null for all.</param>
/// <param name="forward">The packed weights.</param>
/// <param name="transposed">Those of the other orientation, if it exists.</param>
internal sealed unsafe class QuadPacker(Mask mask, Mask? secondMask, BucketWeights forward, BucketWeights? transposed)
    : BucketPacker(mask, forward, transposed)
{
    private const int MostColumns = 256;
    private readonly QuadSorter _sorter = new(forward.Format);
    private PinnedBuffer<int>? _sources;

    [ThreadStatic]
    private static NativeBuffer<int>? t_slots;

    public override void Build(float* master, int group)
    {
        Sort(group);
        var (first, end) = Blocks(group);
        LoadForward(master, first, end);
        LoadTransposed(master, group);
    }

    /// <summary>Sorts the columns of a group's rows by the mask, in both orientations; the weights are loaded after that.</summary>
    public void Sort(int group)
    {
        var (first, end) = Blocks(group);
        var keptRows = stackalloc byte[MostColumns];
        SortRows(group);
        for (var block = first; block < end; block++)
        {
            for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
            {
                ReadForward(block, depthBlock, keptRows);
                _sorter.Sort(Forward, depthBlock, block, keptRows);
            }
        }
        for (var block = 0; block < Transposed?.Blocks; block++)
        {
            ReadTransposed(block, group, keptRows);
            _sorter.Sort(Transposed, group, block, keptRows);
        }
    }

    /// <summary>
    /// Packs the weights of some blocks again, forward only: <see cref="Transfer"/> brings them to the other orientation.
    /// </summary>
    public void LoadForward(float* master, int first, int end)
    {
        for (var block = first; block < end; block++)
            LoadForward(master, block);
    }

    /// <summary>Prepares <see cref="Transfer"/> of a group after it was sorted.</summary>
    public void FindSources(int group)
    {
        if (Transposed is null)
            return;
        _sources ??= new PinnedBuffer<int>(Transposed.Values.Length);
        var slots = Scratch.Reserve(ref t_slots, (long)Forward.DepthBlock * Forward.Depth);
        var (first, end) = Blocks(group);
        var (firstRow, start) = (group * Forward.DepthBlock, (int)Transposed.ValueOffset(group, 0));
        Visit(Forward, first, end, 0, Forward.DepthBlocks, new Slots(slots, firstRow, Forward.Depth));
        var slice = start..(int)Transposed.ValueOffset(group, Transposed.Blocks);
        _sources.Span[slice].Fill(-1);
        Transposed.Values.Span[slice].Clear();
        Visit(Transposed, 0, Transposed.Blocks, group, group + 1, new Sources(_sources.Pointer, slots, firstRow, Forward.Depth));
    }

    /// <summary>Writes the packed weights to their places in <c>[rows, depth]</c>, and nothing to the others.</summary>
    public void Unpack(float* matrix) =>
        Visit(Forward, 0, Forward.Blocks, 0, Forward.DepthBlocks, new Unpacked(Forward.Values.Pointer, matrix, Forward.Depth));

    public override void Load(float* master, int first, int end)
    {
        LoadForward(master, first, end);

        // The other orientation is packed once its whole group has been updated.
        var group = first / GroupBlocks;
        if (end == Blocks(group).End)
            LoadTransposed(master, group);
    }

    public override void Transfer(int group)
    {
        if (_sources is null)
            return;
        for (var block = 0; block < Transposed!.Blocks; block++)
        {
            var values = Transposed.Values.Pointer + Transposed.ValueOffset(group, block);
            var sources = _sources.Pointer + Transposed.ValueOffset(group, block);
            var count = 4 * Transposed.Quads(group, block);
            for (var i = 0; i < count; i++)
            {
                if (sources[i] >= 0)
                    values[i] = Forward.Values.Pointer[sources[i]];
            }
        }
    }

    public override void Complete(Span<int> positions, Span<int> slots)
    {
        if (Transposed is null)
            return;
        Positions(positions);
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
                slots[positions[i]] = i;
        }
        _sources ??= new PinnedBuffer<int>(Transposed.Values.Length);
        _sources.Span.Fill(-1);
        fixed (int* from = slots)
            Visit(Transposed, 0, Transposed.Blocks, 0, Transposed.DepthBlocks, new Sources(_sources.Pointer, from, 0, Forward.Depth));
    }

    public override void Dispose() => _sources?.Dispose();

    public override void Positions(int group, Span<int> positions)
    {
        var (first, end) = Blocks(group);
        fixed (int* target = positions)
            Visit(Forward, first, end, 0, Forward.DepthBlocks, new Places(target, Forward.Depth));
    }

    /// <summary>
    /// Shows every packed weight of some blocks in some blocks of depth, padding aside, with its place, row and column in an orientation.
    /// </summary>
    private static void Visit<TVisitor>(BucketWeights weights, int first, int end, int firstDepth, int endDepth, TVisitor visitor)
        where TVisitor : struct, IVisitor
    {
        for (var block = first; block < end; block++)
        {
            for (var depthBlock = firstDepth; depthBlock < endDepth; depthBlock++)
            {
                var firstColumn = depthBlock * weights.DepthBlock;
                var cursor = new QuadCursor(weights, depthBlock, block);
                var at = weights.ValueOffset(depthBlock, block);
                for (var list = 0; list < cursor.PairLists; list++)
                {
                    var rows = QuadSorter.PairedRows(list);
                    for (int n = cursor.Counts[list]; n > 0; n--, at += 4, cursor.Index += 2)
                    {
                        visitor.Visit(at, cursor.Rows[rows[0]], firstColumn + cursor.Index[0]);
                        visitor.Visit(at + 1, cursor.Rows[rows[1]], firstColumn + cursor.Index[0]);
                        visitor.Visit(at + 2, cursor.Rows[rows[2]], firstColumn + cursor.Index[1]);
                        visitor.Visit(at + 3, cursor.Rows[rows[3]], firstColumn + cursor.Index[1]);
                    }
                }
                for (var quad = 0; quad < cursor.Singles; quad++, at += 4, cursor.Index += 4)
                {
                    for (var row = 0; row < 4; row++)
                    {
                        if (cursor.Holds(quad, row))
                            visitor.Visit(at + row, cursor.Rows[row], firstColumn + cursor.Index[row]);
                    }
                }
            }
        }
    }

    /// <summary>Finds the order of the rows in the segments of a group, in orientations where it is free.</summary>
    private void SortRows(int group)
    {
        var counts = stackalloc int[BucketWeights.MostBlocksTogether * 4];
        var (first, end) = Blocks(group);
        for (var block = first; Forward.SortsRows && block < end; block += Forward.BlocksTogether)
        {
            var rows = 4 * Math.Min(Forward.BlocksTogether, end - block);
            for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
            {
                var firstColumn = depthBlock * Forward.DepthBlock;
                for (var r = 0; r < rows; r++)
                    counts[r] = (block * 4) + r < Forward.Rows
                        ? MaskCounts.InRow(Mask, (block * 4) + r, firstColumn, firstColumn + Forward.Length(depthBlock))
                        : 0;
                RowOrder.Find(new(counts, rows), block * 4, Forward.RowsOf(depthBlock, block));
            }
        }
        for (var block = 0; Transposed is { SortsRows: true } && block < Transposed.Blocks; block += Transposed.BlocksTogether)
        {
            var firstRow = group * Forward.DepthBlock;
            MaskCounts.InColumns(
                Mask, secondMask, block / Transposed.BlocksTogether, firstRow, firstRow + Transposed.Length(group), counts);
            RowOrder.Find(
                new(counts, 4 * Math.Min(Transposed.BlocksTogether, Transposed.Blocks - block)), block * 4,
                Transposed.RowsOf(group, block));
        }
    }

    /// <summary>Which of 64 columns the other orientation keeps of a row.</summary>
    private ulong Kept(int row, int word) => secondMask is null ? Mask.Row(row)[word] : Mask.Row(row)[word] & secondMask.Row(row)[word];

    private void ReadForward(int block, int depthBlock, byte* keptRows)
    {
        var words = (Forward.Length(depthBlock) + 63) / 64;
        new Span<byte>(keptRows, words * 64).Clear();
        var rows = Forward.RowsOf(depthBlock, block);
        for (var r = 0; r < 4; r++)
        {
            if (rows[r] >= Forward.Rows)
                continue;
            var row = Mask.Row(rows[r]).Slice(depthBlock * Forward.DepthBlock / 64, words);
            var octets = (ulong*)keptRows;
            foreach (var word in row)
            {
                for (var octet = 0; octet < 8; octet++)
                    *octets++ |= MaskBits.Spread((byte)(word >> (8 * octet))) << r;
            }
        }
    }

    private void ReadTransposed(int block, int group, byte* keptRows)
    {
        var first = group * Forward.DepthBlock;
        var length = Transposed!.Length(group);
        var word = (block * 4) >> 6;
        var columns = Transposed.RowsOf(group, block);
        var (a, b, c, d) = (columns[0] & 63, columns[1] & 63, columns[2] & 63, columns[3] & 63);
        for (var k = 0; k < length; k++)
        {
            var kept = Kept(first + k, word);
            keptRows[k] = (byte)((kept >> a & 1) | (kept >> b & 1) << 1 | (kept >> c & 1) << 2 | (kept >> d & 1) << 3);
        }
    }

    private void LoadForward(float* master, int block)
    {
        for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
            Gather(Forward, depthBlock, block, master + (depthBlock * Forward.DepthBlock), Forward.Depth, 1);
    }

    private void LoadTransposed(float* master, int group)
    {
        for (var block = 0; block < Transposed?.Blocks; block++)
            Gather(Transposed, group, block, master + (group * Forward.DepthBlock * (nint)Forward.Depth), 1, Forward.Depth);
    }

    /// <summary>Fills a segment from a matrix.</summary>
    /// <param name="weights">The orientation.</param>
    /// <param name="depthBlock">Its depth block.</param>
    /// <param name="block">Its row block.</param>
    /// <param name="corner">Element of the matrix at row 0 of this orientation and the first column of the depth block.</param>
    /// <param name="rowStride">Distance in the matrix between rows of this orientation.</param>
    /// <param name="columnStride">Distance in the matrix between columns of this orientation.</param>
    private static void Gather(BucketWeights weights, int depthBlock, int block, float* corner, nint rowStride, nint columnStride)
    {
        var cursor = new QuadCursor(weights, depthBlock, block);
        var index = cursor.Index;
        var values = weights.Values.Pointer + weights.ValueOffset(depthBlock, block);
        for (var list = 0; list < cursor.PairLists; list++)
        {
            var rows = QuadSorter.PairedRows(list);
            var a = corner + (cursor.Rows[rows[0]] * rowStride);
            var b = corner + (cursor.Rows[rows[1]] * rowStride);
            var c = corner + (cursor.Rows[rows[2]] * rowStride);
            var d = corner + (cursor.Rows[rows[3]] * rowStride);
            for (int n = cursor.Counts[list]; n > 0; n--, values += 4, index += 2)
            {
                var first = index[0] * columnStride;
                var second = index[1] * columnStride;
                Vector128.Create(a[first], b[first], c[second], d[second]).Store(values);
            }
        }
        GatherSingles(in cursor, values, index, corner, rowStride, columnStride);
    }

    /// <summary>A column per row; the last quads of a segment may lack some rows.</summary>
    private static void GatherSingles(in QuadCursor cursor, float* values, ushort* index, float* corner, nint rowStride, nint columnStride)
    {
        var a = corner + (cursor.Rows[0] * rowStride);
        var b = corner + (cursor.Rows[1] * rowStride);
        var c = corner + (cursor.Rows[2] * rowStride);
        var d = corner + (cursor.Rows[3] * rowStride);
        var whole = cursor.WholeSingles;
        for (var quad = 0; quad < whole; quad++, values += 4, index += 4)
        {
            Vector128.Create(
                a[index[0] * columnStride], b[index[1] * columnStride], c[index[2] * columnStride],
                d[index[3] * columnStride]).Store(values);
        }
        for (var quad = whole; quad < cursor.Singles; quad++, values += 4, index += 4)
        {
            for (var row = 0; row < 4; row++)
                values[row] = cursor.Holds(quad, row) ? corner[(cursor.Rows[row] * rowStride) + (index[row] * columnStride)] : 0;
        }
    }

    private interface IVisitor
    {
        void Visit(nint at, int row, int column);
    }

    /// <summary>Notes the position of each weight in <c>[rows, depth]</c>.</summary>
    private readonly struct Places(int* positions, int depth) : IVisitor
    {
        public void Visit(nint at, int row, int column) => positions[at] = (row * depth) + column;
    }

    /// <summary>Writes each weight to its place.</summary>
    private readonly struct Unpacked(float* values, float* matrix, int depth) : IVisitor
    {
        public void Visit(nint at, int row, int column) => matrix[((nint)row * depth) + column] = values[at];
    }

    /// <summary>Notes for each weight of the other orientation where this one has it.</summary>
    private readonly struct Sources(int* sources, int* slots, int firstColumn, int depth) : IVisitor
    {
        public void Visit(nint at, int row, int column) => sources[at] = slots[((column - firstColumn) * (nint)depth) + row];
    }

    /// <summary>Notes for each place of a group which packed weight belongs there.</summary>
    private readonly struct Slots(int* slots, int firstRow, int depth) : IVisitor
    {
        public void Visit(nint at, int row, int column) => slots[((row - firstRow) * (nint)depth) + column] = (int)at;
    }
}
