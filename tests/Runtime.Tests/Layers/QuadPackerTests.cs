using SparseSharp.Kernels;
using SparseSharp.Masks.Search;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Layers;

/// <summary>What packed steps hold; that kernels make the right products of them is tested where models are compiled.</summary>
public sealed class QuadPackerTests
{
    private const int Depth = 512;

    public static TheoryData<int, int, bool, int, BucketFormat> Cases => new()
    {
        { 4, 8, true, 64, BucketFormat.PairsAndSingles },
        { 2, 4, false, 64, BucketFormat.PairsAndSingles },
        { 3, 4, true, 64, BucketFormat.PairsAndSingles },
        { 2, 4, false, 61, BucketFormat.PairsAndSingles },
        { 1, 4, true, 64, BucketFormat.Singles },
        { 2, 8, true, 64, BucketFormat.Singles },
        { 1, 4, false, 63, BucketFormat.Singles },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_kept_weight_has_one_place(int keep, int group, bool transposable, int rows, BucketFormat format)
    {
        using var packed = new Packed(keep, group, transposable, rows, format);
        var positions = new int[packed.Weights.Values.Length];
        packed.Packer.Positions(positions);

        var places = positions.Where(position => position >= 0).ToArray();
        Assert.Equal(packed.Mask.Count, places.Length);
        Assert.Equal(places.Length, places.Distinct().Count());
        Assert.All(places, position => Assert.True(packed.Mask[position / Depth, position % Depth]));
        for (var i = 0; i < positions.Length; i++)
            Assert.Equal(positions[i] < 0 ? 0 : packed.Master[positions[i]], packed.Weights.Values.Span[i]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public unsafe void Rows_that_keep_equally_many_weights_need_no_padding(
        int keep, int group, bool transposable, int rows, BucketFormat format)
    {
        using var packed = new Packed(keep, group, transposable, rows, format);
        var weights = packed.Weights;
        for (var i = 0; i < weights.Blocks * weights.DepthBlocks; i++)
        {
            var steps = new ReadOnlySpan<ushort>(weights.Counts + ((nint)i * weights.Lists), weights.Lists).ToArray().Sum(count => count);
            Assert.Equal(weights.DepthBlock * keep / group, steps);
        }
    }

    /// <summary>Loops of one length in all segments are what makes these kernels fast.</summary>
    [Theory]
    [InlineData(4, 8, true)]
    [InlineData(2, 4, false)]
    [InlineData(3, 4, true)]
    public unsafe void Lists_of_pairs_are_nearly_always_full(int keep, int group, bool transposable)
    {
        using var packed = new Packed(keep, group, transposable, 256, BucketFormat.PairsAndSingles);
        var weights = packed.Weights;
        var segments = weights.Blocks * weights.DepthBlocks;
        var lists = Enumerable.Range(0, segments * 4).Where(i => i % 4 < 3).Select(i => (int)weights.Counts[i]).ToArray();

        Assert.True(lists.Count(count => count == lists.Max()) >= 0.9 * lists.Length, string.Join(" ", lists));
    }

    [Fact]
    public unsafe void Padding_is_cleared_and_nothing_else()
    {
        using var packed = new Packed(2, 4, false, 61, BucketFormat.PairsAndSingles);
        var weights = packed.Weights;
        using var gradient = new NativeBuffer<float>(weights.Values.Length);
        gradient.Span.Fill(1);
        for (var depthBlock = 0; depthBlock < weights.DepthBlocks; depthBlock++)
            weights.ClearPadding(gradient.Pointer, depthBlock, 0, weights.Blocks);

        var positions = new int[gradient.Length];
        packed.Packer.Positions(positions);
        Assert.Equal(positions.Select(position => position < 0 ? 0f : 1f), gradient.Span.ToArray());
    }

    /// <summary>
    /// Rows that keep any number of weights: those of a block keep about equally many, and both orientations hold all weights once.
    /// </summary>
    [Theory]
    [InlineData(64, BucketFormat.PairsAndSingles)]
    [InlineData(256, BucketFormat.PairsAndSingles)]
    [InlineData(157, BucketFormat.PairsAndSingles)]
    [InlineData(157, BucketFormat.Singles)]
    public unsafe void Rows_that_keep_about_equally_many_weights_share_a_block(int rows, BucketFormat format)
    {
        var mask = new Mask(rows, Depth);
        using var master = new NativeBuffer<float>(rows * Depth);
        KaimingUniform.Fill(master.Span, 1, seed: 1, stream: 0);
        for (var i = 0; i < rows * Depth; i++)
            mask[i / Depth, i % Depth] = Math.Abs(master.Span[i]) < 0.02 + (0.3 * ((i / Depth * 37) % 64) / 64);
        using var forward = new BucketWeights(rows, Depth, format, keep: 1, group: 1, padded: false);
        using var transposed = new BucketWeights(Depth, rows, format, keep: 1, group: 1, padded: true);
        using var packer = new QuadPacker(mask, null, forward, transposed);
        for (var group = 0; group * PanelGeometry.DepthBlock < rows; group++)
        {
            packer.Sort(group);
            packer.FindSources(group);
            packer.LoadForward(
                master.Pointer, group * PanelGeometry.DepthBlock / 4, Math.Min(forward.Blocks, (group + 1) * PanelGeometry.DepthBlock / 4));
            packer.Transfer(group);
        }

        var positions = new int[forward.Values.Length];
        packer.Positions(positions);
        var places = positions.Where(position => position >= 0).ToArray();
        Assert.Equal(mask.Count, places.Length);
        Assert.Equal(places.Length, places.Distinct().Count());
        Assert.All(places, position => Assert.True(mask[position / Depth, position % Depth]));
        for (var i = 0; i < positions.Length; i++)
            Assert.Equal(positions[i] < 0 ? 0 : master.Span[positions[i]], forward.Values.Span[i]);
        Assert.InRange(4.0 * Steps(forward) / mask.Count, 1, rows == 157 ? 1.25 : 1.15);
        Assert.Equal(Kept(forward).Order(), Kept(transposed).Order());

        for (var depthBlock = 0; depthBlock < forward.DepthBlocks; depthBlock++)
        {
            var order = new ReadOnlySpan<int>(forward.RowsOf(depthBlock, 0), forward.Blocks * 4).ToArray();
            Assert.Equal(Enumerable.Range(0, order.Length), order.Order());
            for (var row = 0; row < order.Length; row++)
                Assert.Equal(row / 64, order[row] / 64);
        }

        static long Steps(BucketWeights weights) =>
            (from depthBlock in Enumerable.Range(0, weights.DepthBlocks)
             from block in Enumerable.Range(
                0, weights.Blocks)
             select (long)weights.Quads(depthBlock, block)).Sum();

        static IEnumerable<float> Kept(BucketWeights weights) => weights.Values.Span.ToArray().Where(value => value != 0);
    }

    private sealed unsafe class Packed : IDisposable
    {
        private readonly PinnedBuffer<float> _master;

        public Packed(int keep, int of, bool transposable, int rows, BucketFormat format)
        {
            Mask = new Mask(rows, Depth);
            _master = new PinnedBuffer<float>(rows * Depth);
            KaimingUniform.Fill(_master.Span, 1, seed: 1, stream: 0);
            MaskSearch.Find(new(keep, of, transposable), _master.Pointer, Depth, 0, rows, Mask, new Mask(rows, Depth), "weight");
            Weights = new BucketWeights(rows, Depth, format, keep, of, padded: false);
            Packer = new QuadPacker(Mask, null, Weights, null);
            for (var group = 0; group * PanelGeometry.DepthBlock < rows; group++)
                Packer.Build(_master.Pointer, group);
        }

        public Mask Mask { get; }

        public BucketWeights Weights { get; }

        public QuadPacker Packer { get; }

        public ReadOnlySpan<float> Master => _master.Span;

        public void Dispose()
        {
            Packer.Dispose();
            Weights.Dispose();
            _master.Dispose();
        }
    }
}
