using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// Weights of one orientation, packed in segments: a block of four rows times a block of depth. Segments lie in
/// <c>[depth block][row block]</c> order; each has room for every column of its block, and for every weight it can hold.
/// </summary>
internal sealed unsafe class BucketWeights : IDisposable
{
    private readonly NativeBuffer<ushort> _index;
    private readonly NativeBuffer<ushort> _counts;
    private readonly int _padding;

    /// <param name="rows">Rows of this orientation.</param>
    /// <param name="depth">Columns of this orientation.</param>
    /// <param name="buckets">Loops of the kernel: counts per segment.</param>
    /// <param name="keep">With <paramref name="group"/>, the most weights that four rows can keep per column.</param>
    /// <param name="group">Divides <paramref name="depth"/> and <see cref="DepthBlock"/>.</param>
    /// <param name="padded">Whether segments are a cache line apart from a power of two: packing writes to all of them in turn.</param>
    public BucketWeights(int rows, int depth, int buckets, int keep, int group, bool padded)
    {
        _padding = padded ? 16 : 0;
        Rows = rows;
        Depth = depth;
        Buckets = buckets;
        Blocks = (rows + 3) / 4;
        DepthBlock = PanelGeometry.DepthBlock;
        DepthBlocks = (depth + DepthBlock - 1) / DepthBlock;
        Keep = keep;
        Group = group;
        _index = new NativeBuffer<ushort>((long)Blocks * depth);
        _counts = new NativeBuffer<ushort>((long)Blocks * DepthBlocks * buckets);
        Values = new NativeBuffer<float>(ValueOffset(DepthBlocks - 1, Blocks));
    }

    public int Rows { get; }

    public int Depth { get; }

    /// <summary>Blocks of four rows.</summary>
    public int Blocks { get; }

    public int DepthBlock { get; }

    public int DepthBlocks { get; }

    public int Buckets { get; }

    public int Keep { get; }

    public int Group { get; }

    public NativeBuffer<float> Values { get; }

    public ushort* Index => _index.Pointer;

    public ushort* Counts => _counts.Pointer;

    /// <summary>Columns of a depth block; the last one may be short.</summary>
    public int Length(int depthBlock) => Math.Min(DepthBlock, Depth - (depthBlock * DepthBlock));

    /// <summary>From the values of a segment to those of the next block.</summary>
    public int ValueStride(int depthBlock) => (Length(depthBlock) * 4 * Keep / Group) + _padding;

    public nint IndexOffset(int depthBlock, int block) => ((nint)depthBlock * DepthBlock * Blocks) + ((nint)block * Length(depthBlock));

    public nint ValueOffset(int depthBlock, int block) =>
        ((nint)depthBlock * Blocks * ((DepthBlock * 4 * Keep / Group) + _padding)) + ((nint)block * ValueStride(depthBlock));

    public nint CountOffset(int depthBlock, int block) => (((nint)depthBlock * Blocks) + block) * Buckets;

    public void Dispose()
    {
        _index.Dispose();
        _counts.Dispose();
        Values.Dispose();
    }
}
