using System.Numerics;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Packs any mask: the columns of a block of four rows, sorted by the set of rows that keep them.</summary>
internal sealed unsafe class RowSetPacker(Mask mask, BucketWeights forward, BucketWeights? transposed, byte[] sets)
    : BucketPacker(mask, forward, transposed)
{
    private const int MostColumns = 256;
    private readonly byte[] _bucketOf = BucketOf(sets);
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
                Sort(Forward, depthBlock, block, keptRows);
            }
        }
        if (Transposed is not null)
        {
            for (var block = 0; block < Transposed.Blocks; block++)
            {
                ReadTransposed(block, group, keptRows);
                Sort(Transposed, group, block, keptRows);
            }
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
            var count = Values(Transposed, group, block);
            for (var i = 0; i < count; i++)
                values[i] = Forward.Values.Pointer[sources[i]];
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

    /// <summary>Shows every packed weight of some blocks with its place, row and column in an orientation.</summary>
    private void Visit<TVisitor>(BucketWeights weights, int first, int end, TVisitor visitor)
        where TVisitor : struct, IVisitor
    {
        for (var block = first; block < end; block++)
        {
            for (var depthBlock = 0; depthBlock < weights.DepthBlocks; depthBlock++)
            {
                var index = weights.Index + weights.IndexOffset(depthBlock, block);
                var counts = weights.Counts + weights.CountOffset(depthBlock, block);
                var at = weights.ValueOffset(depthBlock, block);
                for (var bucket = 0; bucket < sets.Length; bucket++)
                {
                    for (var n = counts[bucket]; n > 0; n--)
                    {
                        var column = (depthBlock * weights.DepthBlock) + *index++;
                        for (var rows = (uint)sets[bucket]; rows != 0; rows &= rows - 1)
                            visitor.Visit(at++, (block * 4) + BitOperations.TrailingZeroCount(rows), column);
                    }
                }
            }
        }
    }

    /// <summary>Weights of a segment.</summary>
    private int Values(BucketWeights weights, int depthBlock, int block)
    {
        var counts = weights.Counts + weights.CountOffset(depthBlock, block);
        var total = 0;
        for (var bucket = 0; bucket < sets.Length; bucket++)
            total += counts[bucket] * BitOperations.PopCount(sets[bucket]);
        return total;
    }

    private static byte[] BucketOf(byte[] sets)
    {
        var bucketOf = new byte[16];
        for (var i = 0; i < sets.Length; i++)
            bucketOf[sets[i]] = (byte)i;
        return bucketOf;
    }

    private void ReadForward(int block, int depthBlock, byte* keptRows)
    {
        var length = Forward.Length(depthBlock);
        var first = depthBlock * Forward.DepthBlock;
        new Span<byte>(keptRows, length).Clear();
        for (var r = 0; r < 4 && (block * 4) + r < Forward.Rows; r++)
        {
            var row = Mask.Row((block * 4) + r);
            for (var k = 0; k < length; k++)
                keptRows[k] |= (byte)((row[(first + k) >> 6] >> ((first + k) & 63) & 1) << r);
        }
    }

    private void ReadTransposed(int block, int group, byte* keptRows)
    {
        var first = group * Forward.DepthBlock;
        var length = Transposed!.Length(group);
        var word = (block * 4) >> 6;
        var shift = (block * 4) & 63;
        for (var k = 0; k < length; k++)
            keptRows[k] = (byte)(Mask.Row(first + k)[word] >> shift & 15);
    }

    /// <summary>
    /// Writes counts and positions of a segment: a counting sort by row set. Each is written once: where only the other orientation is new,
    /// another worker may be reading this one, and then finds what was there before.
    /// </summary>
    private void Sort(BucketWeights weights, int depthBlock, int block, byte* keptRows)
    {
        var length = weights.Length(depthBlock);
        var counts = weights.Counts + weights.CountOffset(depthBlock, block);
        var index = weights.Index + weights.IndexOffset(depthBlock, block);
        var cursors = stackalloc int[16];
        new Span<int>(cursors, 16).Clear();
        for (var k = 0; k < length; k++)
        {
            if (keptRows[k] != 0)
                cursors[_bucketOf[keptRows[k]]]++;
        }
        var start = 0;
        for (var bucket = 0; bucket < sets.Length; bucket++)
        {
            var count = cursors[bucket];
            counts[bucket] = (ushort)count;
            cursors[bucket] = start;
            start += count;
        }
        for (var k = 0; k < length; k++)
        {
            if (keptRows[k] != 0)
                index[cursors[_bucketOf[keptRows[k]]]++] = (ushort)k;
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
    private void Gather(BucketWeights weights, int depthBlock, int block, float* matrix, nint rowStride, nint columnStride)
    {
        var index = weights.Index + weights.IndexOffset(depthBlock, block);
        var counts = weights.Counts + weights.CountOffset(depthBlock, block);
        var values = weights.Values.Pointer + weights.ValueOffset(depthBlock, block);
        var corner = matrix + (block * 4 * rowStride) + ((nint)depthBlock * weights.DepthBlock * columnStride);
        for (var bucket = 0; bucket < sets.Length; bucket++)
        {
            uint set = sets[bucket];
            for (int n = counts[bucket]; n > 0; n--)
            {
                var column = corner + (*index++ * columnStride);
                for (var rows = set; rows != 0; rows &= rows - 1)
                    *values++ = column[BitOperations.TrailingZeroCount(rows) * rowStride];
            }
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
