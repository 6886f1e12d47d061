using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Matrices;

/// <summary>
/// Weights of one orientation, packed in segments: a block of four rows times a block of depth. Segments lie in
/// <c>[depth block][row block]</c> order; each has room for as many quads as a row can keep weights of its depth.
/// </summary>
internal sealed unsafe class BucketWeights : IDisposable
{
    public const int MostBlocksTogether = 16;

    private readonly PinnedBuffer<ushort> _index;
    private readonly PinnedBuffer<ushort> _counts;
    private readonly PinnedBuffer<ushort>? _kept;
    private readonly PinnedBuffer<int> _rows;
    private readonly int _padding;

    /// <param name="rows">Rows of this orientation.</param>
    /// <param name="depth">Columns of this orientation.</param>
    /// <param name="format">What the quads are.</param>
    /// <param name="keep">With <paramref name="group"/>, the largest share of its weights that a row can keep.</param>
    /// <param name="group">Divides <paramref name="depth"/> and <see cref="DepthBlock"/>.</param>
    /// <param name="padded">Whether segments are a cache line apart from a power of two: packing writes to all of them in turn.</param>
    public BucketWeights(int rows, int depth, BucketFormat format, int keep, int group, bool padded)
    {
        _padding = padded ? 16 : 0;
        Rows = rows;
        Depth = depth;
        Format = format;
        Lists = BucketKernel.Lists(format);
        Blocks = DataLayout.Blocks(rows);
        DepthBlock = PanelGeometry.DepthBlock;
        DepthBlocks = (depth + DepthBlock - 1) / DepthBlock;
        Keep = keep;
        Group = group;
        _index = new PinnedBuffer<ushort>(IndexOffset(DepthBlocks - 1, Blocks));
        _counts = new PinnedBuffer<ushort>(CountOffset(DepthBlocks - 1, Blocks));
        if (format != BucketFormat.Pairs)
            _kept = new PinnedBuffer<ushort>(KeptOffset(DepthBlocks - 1, Blocks));
        _rows = new PinnedBuffer<int>((long)DepthBlocks * Blocks * 4);
        for (var i = 0; i < _rows.Length; i++)
            _rows.Pointer[i] = i % (Blocks * 4);
        Values = new PinnedBuffer<float>(ValueOffset(DepthBlocks - 1, Blocks));
    }

    public int Rows { get; }

    public int Depth { get; }

    /// <summary>Blocks of four rows.</summary>
    public int Blocks { get; }

    public int DepthBlock { get; }

    public int DepthBlocks { get; }

    public BucketFormat Format { get; }

    /// <summary>Loops of the kernel: counts per segment.</summary>
    public int Lists { get; }

    public int Keep { get; }

    public int Group { get; }

    /// <summary>Most quads of a segment, for masks that keep any number of weights: the memory stays, and segments move together.</summary>
    public int Capacity { get; set; } = int.MaxValue;

    /// <summary>
    /// Whether rows may keep any number of weights. Those that keep about equally many in a block of depth then share a block: a segment is
    /// as long as its fullest row, and what the others lack is padding.
    /// </summary>
    public bool SortsRows => Format != BucketFormat.Pairs && Keep == Group;

    /// <summary>
    /// Blocks whose rows are the same in all blocks of depth, whatever their order, and which go through a kernel together: 64 rows where
    /// they are sorted; else 16, so that what a fused activation reads again is still in the first-level cache.
    /// </summary>
    public int BlocksTogether => SortsRows ? MostBlocksTogether : 4;

    public PinnedBuffer<float> Values { get; }

    public ushort* Index => _index.Pointer;

    public ushort* Counts => _counts.Pointer;

    /// <summary>Weights that each row of a segment keeps; a row with fewer than the quads is padded at the end of the singles.</summary>
    public ushort* Kept => _kept!.Pointer;

    /// <summary>Columns of a depth block; the last one may be short.</summary>
    public int Length(int depthBlock) => Math.Min(DepthBlock, Depth - (depthBlock * DepthBlock));

    /// <summary>From the values of a segment to those of the next block.</summary>
    public int ValueStride(int depthBlock) => (Quads(Length(depthBlock)) * 4) + _padding;

    /// <summary>From the positions of a segment to those of the next block.</summary>
    public int IndexStride(int depthBlock) => Quads(Length(depthBlock)) * QuadColumns;

    public nint IndexOffset(int depthBlock, int block) =>
        ((nint)depthBlock * Blocks * Quads(DepthBlock) * QuadColumns) + ((nint)block * IndexStride(depthBlock));

    public nint ValueOffset(int depthBlock, int block) =>
        ((nint)depthBlock * Blocks * ((Quads(DepthBlock) * 4) + _padding)) + ((nint)block * ValueStride(depthBlock));

    public nint CountOffset(int depthBlock, int block) => (((nint)depthBlock * Blocks) + block) * Lists;

    public nint KeptOffset(int depthBlock, int block) => (((nint)depthBlock * Blocks) + block) * 4;

    /// <summary>Quads of a segment.</summary>
    public int Quads(int depthBlock, int block)
    {
        var counts = Counts + CountOffset(depthBlock, block);
        var quads = 0;
        for (var list = 0; list < Lists; list++)
            quads += counts[list];
        return quads;
    }

    /// <summary>The rows of a block, in their order; in a last block of fewer than four some may not exist.</summary>
    public int* RowsOf(int depthBlock, int block) => _rows.Pointer + KeptOffset(depthBlock, block);

    /// <summary>The row of a weight of a quad.</summary>
    /// <param name="depthBlock">The depth block.</param>
    /// <param name="block">The row block.</param>
    /// <param name="list">The list of the quad.</param>
    /// <param name="lane">Place of the weight in it.</param>
    public int RowOf(int depthBlock, int block, int list, int lane)
    {
        var isSingle = Format != BucketFormat.Pairs && list == Lists - 1;
        return RowsOf(depthBlock, block)[isSingle ? lane : QuadSorter.PairedRows(list)[lane]];
    }

    /// <summary>
    /// Clears what stands in the padding of blocks <c>[first, end)</c> in an array that is laid out as <see cref="Values"/>.
    /// </summary>
    public void ClearPadding(float* values, int depthBlock, int first, int end)
    {
        // Rows that keep equally many weights need none, except in a last block of fewer than four rows.
        if (Format == BucketFormat.Pairs || (Group > 1 && Rows % 4 == 0))
            return;
        for (var block = first; block < end; block++)
        {
            var kept = Kept + KeptOffset(depthBlock, block);
            var quads = Math.Max(Math.Max(kept[0], kept[1]), Math.Max(kept[2], kept[3]));
            for (var row = 0; row < 4; row++)
            {
                for (int quad = kept[row]; quad < quads; quad++)
                    values[ValueOffset(depthBlock, block) + (quad * 4) + row] = 0;
            }
        }
    }

    public void Dispose()
    {
        _index.Dispose();
        _counts.Dispose();
        _kept?.Dispose();
        _rows.Dispose();
        Values.Dispose();
    }

    /// <summary>Positions per quad, at most.</summary>
    private int QuadColumns => Format == BucketFormat.Pairs ? 2 : 4;

    /// <summary>Most quads of so many columns.</summary>
    private int Quads(int columns) => Math.Min(columns * Keep / Group, Capacity);
}
