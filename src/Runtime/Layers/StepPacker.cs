using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Packs any mask in steps of four weights, one of each row of a block: pairs of columns where the format has them, and singles.</summary>
/// <param name="mask">Which weights are kept.</param>
/// <param name="secondMask">Which of them the other orientation keeps, or null for all.</param>
/// <param name="forward">The packed weights.</param>
/// <param name="transposed">Those of the other orientation, if it exists.</param>
internal sealed unsafe class StepPacker(Mask mask, Mask? secondMask, BucketWeights forward, BucketWeights? transposed) : BucketPacker(mask, forward, transposed)
{
    private const int MostColumns = 256;
    private readonly StepSorter _sorter = new(forward.Format);
    private NativeBuffer<int>? _sources;

    public override void Build(float* master, int group)
    {
        var (first, end) = Blocks(group);
        var keptRows = stackalloc byte[MostColumns];
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
        for (var block = first; block < end; block++)
            LoadForward(master, block);
        LoadTransposed(master, group);
    }

    public override void Load(float* master, int first, int end)
    {
        for (var block = first; block < end; block++)
            LoadForward(master, block);

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
            var count = 4 * Steps(Transposed, group, block);
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
        _sources ??= new NativeBuffer<int>(Transposed.Values.Length);
        _sources.Span.Fill(-1);
        fixed (int* from = slots)
            Visit(Transposed, 0, Transposed.Blocks, new Sources(_sources.Pointer, from, Forward.Depth));
    }

    public override void Dispose() => _sources?.Dispose();

    public override void Positions(int group, Span<int> positions)
    {
        var (first, end) = Blocks(group);
        fixed (int* target = positions)
            Visit(Forward, first, end, new Places(target, Forward.Depth));
    }

    private static int Steps(BucketWeights weights, int depthBlock, int block)
    {
        var counts = weights.Counts + weights.CountOffset(depthBlock, block);
        var steps = 0;
        for (var list = 0; list < weights.Lists; list++)
            steps += counts[list];
        return steps;
    }

    /// <summary>Shows every packed weight of some blocks, padding aside, with its place, row and column in an orientation.</summary>
    private static void Visit<TVisitor>(BucketWeights weights, int first, int end, TVisitor visitor)
        where TVisitor : struct, IVisitor
    {
        for (var block = first; block < end; block++)
        {
            for (var depthBlock = 0; depthBlock < weights.DepthBlocks; depthBlock++)
            {
                var firstColumn = depthBlock * weights.DepthBlock;
                var firstRow = block * 4;
                var cursor = new StepCursor(weights, depthBlock, block);
                var at = weights.ValueOffset(depthBlock, block);
                for (var list = 0; list < cursor.PairLists; list++)
                {
                    var rows = StepSorter.PairedRows(list);
                    for (int n = cursor.Counts[list]; n > 0; n--, at += 4, cursor.Index += 2)
                    {
                        visitor.Visit(at, firstRow + rows[0], firstColumn + cursor.Index[0]);
                        visitor.Visit(at + 1, firstRow + rows[1], firstColumn + cursor.Index[0]);
                        visitor.Visit(at + 2, firstRow + rows[2], firstColumn + cursor.Index[1]);
                        visitor.Visit(at + 3, firstRow + rows[3], firstColumn + cursor.Index[1]);
                    }
                }
                for (var step = 0; step < cursor.Singles; step++, at += 4, cursor.Index += 4)
                {
                    for (var row = 0; row < 4; row++)
                    {
                        if (cursor.Holds(step, row))
                            visitor.Visit(at + row, firstRow + row, firstColumn + cursor.Index[row]);
                    }
                }
            }
        }
    }

    private void ReadForward(int block, int depthBlock, byte* keptRows)
    {
        var words = (Forward.Length(depthBlock) + 63) / 64;
        new Span<byte>(keptRows, words * 64).Clear();
        for (var r = 0; r < 4 && (block * 4) + r < Forward.Rows; r++)
        {
            var row = Mask.Row((block * 4) + r).Slice(depthBlock * Forward.DepthBlock / 64, words);
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
        var shift = (block * 4) & 63;
        for (var k = 0; k < length; k++)
        {
            var kept = Mask.Row(first + k)[word];
            if (secondMask is not null)
                kept &= secondMask.Row(first + k)[word];
            keptRows[k] = (byte)(kept >> shift & 15);
        }
    }

    private void LoadForward(float* master, int block)
    {
        for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
            Gather(Forward, depthBlock, block, master, Forward.Depth, 1);
    }

    private void LoadTransposed(float* master, int group)
    {
        for (var block = 0; block < Transposed?.Blocks; block++)
            Gather(Transposed, group, block, master, 1, Forward.Depth);
    }

    /// <summary>Fills a segment from a matrix.</summary>
    /// <param name="weights">The orientation.</param>
    /// <param name="depthBlock">Its depth block.</param>
    /// <param name="block">Its row block.</param>
    /// <param name="matrix">Element (0, 0).</param>
    /// <param name="rowStride">Distance in the matrix between rows of this orientation.</param>
    /// <param name="columnStride">Distance in the matrix between columns of this orientation.</param>
    private static void Gather(BucketWeights weights, int depthBlock, int block, float* matrix, nint rowStride, nint columnStride)
    {
        var cursor = new StepCursor(weights, depthBlock, block);
        var index = cursor.Index;
        var values = weights.Values.Pointer + weights.ValueOffset(depthBlock, block);
        var corner = matrix + (block * 4 * rowStride) + ((nint)depthBlock * weights.DepthBlock * columnStride);
        for (var list = 0; list < cursor.PairLists; list++)
        {
            var rows = StepSorter.PairedRows(list);
            var a = corner + (rows[0] * rowStride);
            var b = corner + (rows[1] * rowStride);
            var c = corner + (rows[2] * rowStride);
            var d = corner + (rows[3] * rowStride);
            for (int n = cursor.Counts[list]; n > 0; n--, values += 4, index += 2)
            {
                var first = index[0] * columnStride;
                var second = index[1] * columnStride;
                values[0] = a[first];
                values[1] = b[first];
                values[2] = c[second];
                values[3] = d[second];
            }
        }
        GatherSingles(in cursor, values, index, corner, rowStride, columnStride);
    }

    /// <summary>A column per row; the last steps of a segment may lack some rows.</summary>
    private static void GatherSingles(in StepCursor cursor, float* values, ushort* index, float* corner, nint rowStride, nint columnStride)
    {
        var b = corner + rowStride;
        var c = corner + (2 * rowStride);
        var d = corner + (3 * rowStride);
        var whole = cursor.WholeSingles;
        for (var step = 0; step < whole; step++, values += 4, index += 4)
        {
            values[0] = corner[index[0] * columnStride];
            values[1] = b[index[1] * columnStride];
            values[2] = c[index[2] * columnStride];
            values[3] = d[index[3] * columnStride];
        }
        for (var step = whole; step < cursor.Singles; step++, values += 4, index += 4)
        {
            for (var row = 0; row < 4; row++)
                values[row] = cursor.Holds(step, row) ? corner[(row * rowStride) + (index[row] * columnStride)] : 0;
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

    /// <summary>Notes for each weight of the other orientation where this one has it.</summary>
    private readonly struct Sources(int* sources, int* slots, int depth) : IVisitor
    {
        public void Visit(nint at, int row, int column) => sources[at] = slots[(column * depth) + row];
    }
}
