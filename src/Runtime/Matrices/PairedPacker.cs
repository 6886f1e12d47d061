using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// Packs masks in which every 4 by 4 tile keeps two weights per row and per column (transposable 2:4, and transposable 1:2 in blocks of
/// four). In each tile as many columns are kept in rows S as in the other two rows: they are stored in pairs, of which there are exactly
/// two per tile, so a tile moves as two quads of weights in either orientation.
/// </summary>
internal sealed unsafe class PairedPacker : BucketPacker
{
    /// <summary>Lists of a segment: pairs of the row sets 01 with 23, 02 with 13, 03 with 12.</summary>
    public const int Lists = 3;

    /// <summary>
    /// Tiles side by side that packing takes down a group of rows before it moves on: a few cache lines of the master, and open segments
    /// that the second-level cache holds.
    /// </summary>
    private const int TilesPerStrip = 16;

    private readonly int _tilesPerRow;
    private readonly PinnedBuffer<byte> _patterns;
    private readonly PinnedBuffer<uint> _places;
    private readonly PinnedBuffer<int> _cursors;

    public PairedPacker(Mask mask, BucketWeights forward, BucketWeights? transposed)
        : base(mask, forward, transposed)
    {
        _tilesPerRow = forward.Depth / 4;
        var tiles = (long)forward.Blocks * _tilesPerRow;
        _patterns = new PinnedBuffer<byte>(tiles);
        _places = new PinnedBuffer<uint>(tiles);
        var groups = (forward.Blocks + GroupBlocks - 1) / GroupBlocks;
        _cursors = new PinnedBuffer<int>((long)groups * _tilesPerRow * 4);
    }

    public override void Build(float* master, int group)
    {
        var (first, end) = Blocks(group);
        for (var block = first; block < end; block++)
            ReadPatterns(block);
        var cursors = _cursors.Pointer + ((nint)group * _tilesPerRow * 4);
        if (Transposed is not null)
            CountTransposed(group, first, end, cursors);
        for (var block = first; block < end; block++)
            PlaceBlock(block, block - first, group, cursors);
        Load(master, first, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Load(float* master, int first, int end)
    {
        nint stride = Forward.Depth;
        var lanesOf = PairedTables.Lanes;
        var otherRow = OtherRow(first);
        var otherStride = OtherStride(first);
        for (var strip = 0; strip < _tilesPerRow; strip += TilesPerStrip)
        {
            var values = ForwardStrip(strip, first, out var valueStride);
            for (var block = first; block < end; block++, values += valueStride)
            {
                var source = master + (block * 4 * stride) + (strip * 4);
                var at = ((nint)block * _tilesPerRow) + strip;
                var last = Math.Min(strip + TilesPerStrip, _tilesPerRow);
                for (var tile = strip; tile < last; tile++, at++, source += 4)
                {
                    var place = _places.Pointer[at];
                    var lanes = lanesOf + (_patterns.Pointer[at] * 16);
                    var other = otherRow + (tile * otherStride);
                    var f0 = values + (4 * (place & 255));
                    var f1 = values + (4 * (place >> 8 & 255));
                    var t0 = other + (4 * (place >> 16 & 255));
                    var t1 = other + (4 * (place >> 24));
                    if (Avx512F.IsSupported)
                    {
                        var rows = Vector512.Create(
                            Vector256.Create(Vector128.Load(source), Vector128.Load(source + stride)),
                            Vector256.Create(Vector128.Load(source + (2 * stride)), Vector128.Load(source + (3 * stride))));
                        var packed = Avx512F.PermuteVar16x32(rows, Avx512F.LoadVector512(lanes));
                        packed.GetLower().GetLower().Store(f0);
                        packed.GetLower().GetUpper().Store(f1);
                        Sse.Prefetch0(f0 + 16);
                        Sse.Prefetch0(f1 + 16);
                        if (otherRow != null)
                        {
                            Sse.Prefetch0(t0 + 16);
                            Sse.Prefetch0(t1 + 16);
                            packed.GetUpper().GetLower().Store(t0);
                            packed.GetUpper().GetUpper().Store(t1);
                        }
                        continue;
                    }
                    if (Avx2.IsSupported)
                    {
                        var upper = Vector256.Create(Vector128.Load(source), Vector128.Load(source + stride));
                        var lower = Vector256.Create(Vector128.Load(source + (2 * stride)), Vector128.Load(source + (3 * stride)));
                        var forward = Permute16(upper, lower, Vector256.Load(lanes));
                        forward.GetLower().Store(f0);
                        forward.GetUpper().Store(f1);
                        if (otherRow != null)
                        {
                            var transposed = Permute16(upper, lower, Vector256.Load(lanes + 8));
                            transposed.GetLower().Store(t0);
                            transposed.GetUpper().Store(t1);
                        }
                        continue;
                    }
                    for (var i = 0; i < 4; i++)
                    {
                        f0[i] = Pick(source, stride, lanes[i]);
                        f1[i] = Pick(source, stride, lanes[4 + i]);
                        if (otherRow != null)
                        {
                            t0[i] = Pick(source, stride, lanes[8 + i]);
                            t1[i] = Pick(source, stride, lanes[12 + i]);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Transfer(int group)
    {
        if (Transposed is null)
            return;
        var (first, end) = Blocks(group);
        var lanesOf = PairedTables.Transfer;
        var otherRow = OtherRow(first);
        var otherStride = OtherStride(first);
        for (var strip = 0; strip < _tilesPerRow; strip += TilesPerStrip)
        {
            var values = ForwardStrip(strip, first, out var valueStride);
            for (var block = first; block < end; block++, values += valueStride)
            {
                var at = ((nint)block * _tilesPerRow) + strip;
                var last = Math.Min(strip + TilesPerStrip, _tilesPerRow);
                for (var tile = strip; tile < last; tile++, at++)
                {
                    var place = _places.Pointer[at];
                    var lanes = lanesOf + (_patterns.Pointer[at] * 8);
                    var other = otherRow + (tile * otherStride);
                    var f0 = values + (4 * (place & 255));
                    var f1 = values + (4 * (place >> 8 & 255));
                    var t0 = other + (4 * (place >> 16 & 255));
                    var t1 = other + (4 * (place >> 24));
                    if (Avx2.IsSupported)
                    {
                        var moved = Avx2.PermuteVar8x32(Vector256.Create(Vector128.Load(f0), Vector128.Load(f1)), Vector256.Load(lanes));
                        moved.GetLower().Store(t0);
                        moved.GetUpper().Store(t1);
                        continue;
                    }
                    for (var i = 0; i < 4; i++)
                    {
                        t0[i] = lanes[i] < 4 ? f0[lanes[i]] : f1[lanes[i] - 4];
                        t1[i] = lanes[4 + i] < 4 ? f0[lanes[4 + i]] : f1[lanes[4 + i] - 4];
                    }
                }
            }
        }
    }

    public override void Positions(int group, Span<int> positions)
    {
        var tilesPerBlock = Forward.DepthBlock / 4;
        var (first, end) = Blocks(group);
        for (var block = first; block < end; block++)
        {
            for (var tile = 0; tile < _tilesPerRow; tile++)
            {
                var at = ((nint)block * _tilesPerRow) + tile;
                var place = _places.Pointer[at];
                var lanes = PairedTables.Lanes + (_patterns.Pointer[at] * 16);
                var segment = (int)Forward.ValueOffset(tile / tilesPerBlock, block);
                for (var i = 0; i < 8; i++)
                {
                    var entry = (int)(i < 4 ? place & 255 : place >> 8 & 255);
                    positions[segment + (4 * entry) + (i & 3)] =
                        (((block * 4) + (lanes[i] >> 2)) * Forward.Depth) + (tile * 4) + (lanes[i] & 3);
                }
            }
        }
    }

    public override void Dispose()
    {
        _patterns.Dispose();
        _places.Dispose();
        _cursors.Dispose();
    }

    /// <summary>
    /// Eight of the sixteen lanes of two vectors: a permutation uses the low three bits of a lane number, the fourth chooses the vector.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Permute16(Vector256<float> low, Vector256<float> high, Vector256<int> lanes) =>
        Avx.BlendVariable(
            Avx2.PermuteVar8x32(low, lanes), Avx2.PermuteVar8x32(high, lanes), Avx2.ShiftLeftLogical(lanes, 28).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Pick(float* source, nint stride, int lane) => source[((lane >> 2) * stride) + (lane & 3)];

    /// <summary>Forward values of a block for the tiles of a strip.</summary>
    private float* ForwardStrip(int strip, int block, out nint stride)
    {
        var depthBlock = strip / (Forward.DepthBlock / 4);
        stride = Forward.ValueStride(depthBlock);
        return Forward.Values.Pointer + Forward.ValueOffset(depthBlock, block);
    }

    /// <summary>
    /// The first segment of the other orientation that a block's tiles belong to: the four columns of a tile are rows there.
    /// </summary>
    private float* OtherRow(int block) =>
        Transposed is null ? null : Transposed.Values.Pointer + Transposed.ValueOffset(block / GroupBlocks, 0);

    /// <summary>From the segment of a tile to that of the next.</summary>
    private nint OtherStride(int block) => Transposed?.ValueStride(block / GroupBlocks) ?? 0;

    private void ReadPatterns(int block)
    {
        var target = _patterns.Pointer + ((nint)block * _tilesPerRow);
        var row0 = Mask.Row(block * 4);
        var row1 = Mask.Row((block * 4) + 1);
        var row2 = Mask.Row((block * 4) + 2);
        var row3 = Mask.Row((block * 4) + 3);
        for (var tile = 0; tile < _tilesPerRow; tile++)
        {
            var word = tile >> 4;
            var shift = (tile & 15) * 4;
            var code = (row0[word] >> shift & 15) | (row1[word] >> shift & 15) << 4 | (row2[word] >> shift & 15) << 8 | (row3[word] >> shift & 15) << 12;
            target[tile] = PairedTables.PatternOfCode[code];
        }
    }

    private void CountTransposed(int group, int first, int end, int* cursors)
    {
        new Span<int>(cursors, _tilesPerRow * 4).Clear();
        for (var block = first; block < end; block++)
        {
            var patterns = _patterns.Pointer + ((nint)block * _tilesPerRow);
            for (var tile = 0; tile < _tilesPerRow; tile++)
            {
                var lists = PairedTables.ListOf + (patterns[tile] * 4);
                cursors[(tile * 4) + lists[2]]++;
                cursors[(tile * 4) + lists[3]]++;
            }
        }
        for (var tile = 0; tile < _tilesPerRow; tile++)
            StartLists(cursors + (tile * 4), Transposed!.Counts + Transposed.CountOffset(group, tile));
    }

    /// <summary>Writes the lengths of three lists and turns them into the positions where the lists start.</summary>
    private static void StartLists(int* lengths, ushort* counts)
    {
        var start = 0;
        for (var list = 0; list < Lists; list++)
        {
            var length = lengths[list];
            counts[list] = (ushort)length;
            lengths[list] = start;
            start += length;
        }
    }

    /// <summary>Chooses the places of a block's tiles and writes the index streams.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlaceBlock(int block, int blockInGroup, int group, int* otherCursors)
    {
        var patterns = _patterns.Pointer + ((nint)block * _tilesPerRow);
        var places = _places.Pointer + ((nint)block * _tilesPerRow);
        var tilesPerBlock = Forward.DepthBlock / 4;
        var cursors = stackalloc int[4];
        var listOf = PairedTables.ListOf;
        var columnsOf = PairedTables.ColumnsOf;
        var hasOther = Transposed is not null;
        var otherRow = hasOther ? (uint*)(Transposed!.Index + Transposed.IndexOffset(group, 0)) : null;
        nint otherStride = hasOther ? Transposed!.Length(group) / 2 : 0;
        for (var depthBlock = 0; depthBlock < Forward.DepthBlocks; depthBlock++)
        {
            var firstTile = depthBlock * tilesPerBlock;
            var lastTile = firstTile + (Forward.Length(depthBlock) / 4);
            cursors[0] = cursors[1] = cursors[2] = 0;
            for (var tile = firstTile; tile < lastTile; tile++)
            {
                var lists = listOf + (patterns[tile] * 4);
                cursors[lists[0]]++;
                cursors[lists[1]]++;
            }
            StartLists(cursors, Forward.Counts + Forward.CountOffset(depthBlock, block));
            var index = (uint*)(Forward.Index + Forward.IndexOffset(depthBlock, block));
            for (var tile = firstTile; tile < lastTile; tile++)
            {
                var lists = listOf + (patterns[tile] * 4);
                var columns = columnsOf + (patterns[tile] * 4);
                var f0 = cursors[lists[0]]++;
                var f1 = cursors[lists[1]]++;
                var base0 = (uint)(4 * (tile - firstTile)) * 0x10001u;
                index[f0] = columns[0] + base0;
                index[f1] = columns[1] + base0;
                var place = (uint)(f0 | f1 << 8);
                if (hasOther)
                {
                    var other = otherCursors + (tile * 4);
                    var t0 = other[lists[2]]++;
                    var t1 = other[lists[3]]++;
                    var otherIndex = otherRow + (tile * otherStride);
                    var base1 = (uint)(4 * blockInGroup) * 0x10001u;
                    otherIndex[t0] = columns[2] + base1;
                    otherIndex[t1] = columns[3] + base1;
                    place |= (uint)(t0 << 16 | t1 << 24);
                }
                places[tile] = place;
            }
        }
    }
}
