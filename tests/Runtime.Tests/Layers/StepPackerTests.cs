using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Layers;

/// <summary>What packed steps hold; that kernels make the right products of them is tested where models are compiled.</summary>
public sealed class StepPackerTests
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
    public unsafe void Rows_that_keep_equally_many_weights_need_no_padding(int keep, int group, bool transposable, int rows, BucketFormat format)
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

    private sealed unsafe class Packed : IDisposable
    {
        private readonly NativeBuffer<float> _master;

        public Packed(int keep, int of, bool transposable, int rows, BucketFormat format)
        {
            Mask = new Mask(rows, Depth);
            _master = new NativeBuffer<float>(rows * Depth);
            KaimingUniform.Fill(_master.Span, 1, seed: 1, stream: 0);
            MaskSearch.Find(new(keep, of, transposable), _master.Pointer, Depth, 0, rows, Mask, new Mask(rows, Depth), "weight");
            Weights = new BucketWeights(rows, Depth, format, keep, of, padded: false);
            Packer = new StepPacker(Mask, null, Weights, null);
            for (var group = 0; group * PanelGeometry.DepthBlock < rows; group++)
                Packer.Build(_master.Pointer, group);
        }

        public Mask Mask { get; }

        public BucketWeights Weights { get; }

        public StepPacker Packer { get; }

        public ReadOnlySpan<float> Master => _master.Span;

        public void Dispose()
        {
            Packer.Dispose();
            Weights.Dispose();
            _master.Dispose();
        }
    }
}
