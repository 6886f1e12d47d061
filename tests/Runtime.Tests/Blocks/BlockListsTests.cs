using SparseSharp.Matrices;

namespace SparseSharp.Runtime.Tests.Blocks;

public sealed class BlockListsTests
{
    /// <summary>As the planner makes them: tiles of a quarter of 64 parts, with half of the blocks inside.</summary>
    [Fact]
    public void A_large_layer_knows_its_blocks_in_a_few_kilobytes()
    {
        var pattern = Graphs.Pattern(Graphs.Lift(8, 8, 4), 4, 1, Graphs.Lift(16, 16, 2), 1, 4);
        pattern.Check(4096, 4096);
        using var lists = BlockLists.Of(pattern, 4);
        Assert.Equal(0.125, pattern.Density);
        Assert.Equal(pattern.Count, lists.Count);
        Assert.InRange(lists.IndexBytes, 2 * ((32 * 8) + (32 * 16)), 8192);
    }

    /// <summary>Also where kernels take the blocks of a list in pieces, or the lists in segments.</summary>
    [Fact]
    public void Weights_are_packed_in_the_order_of_the_pattern()
    {
        foreach (var pattern in (RamanujanPattern[])
        [
            Graphs.Tiny, Graphs.Figure, Graphs.Square1024,
            Graphs.Pattern(Graphs.Lift(2, 4, 2), 2, 2, Graphs.Lift(3, 5, 2), 3, 8),
            Graphs.Pattern(Graphs.Lift(16, 16, 4), 4, 1, GraphFactor.Complete(1, 1), 1, 8),
            Graphs.Pattern(GraphFactor.Complete(1, 1), 4, 1, Graphs.Lift(32, 32, 2), 1, 4),
        ])
        {
            using var lists = BlockLists.Of(pattern, BlockLists.Divisor(pattern.BlockColumns));
            var dense = Enumerable.Range(0, pattern.Outputs * pattern.Inputs).Select(i => (float)i).ToArray();
            var packed = new float[pattern.Count];
            lists.Pack(dense, packed);
            for (var position = 0; position < packed.Length; position++)
            {
                var (row, column) = pattern.Weight(position);
                Assert.Equal((row * pattern.Inputs) + column, packed[position]);
            }
            var (restored, mask) = (new float[dense.Length], new Mask(pattern.Outputs, pattern.Inputs));
            lists.Unpack(packed, restored);
            lists.Mark(mask);
            Assert.Equal(pattern.ToMask().Words.ToArray(), mask.Words.ToArray());
            for (var i = 0; i < dense.Length; i++)
                Assert.Equal(mask[i / pattern.Inputs, i % pattern.Inputs] ? dense[i] : 0, restored[i]);
        }
    }

    [Fact]
    public void A_layer_without_blocks_has_no_weights()
    {
        using var lists = BlockLists.Of(new Mask(8, 8), 4, 4);
        Assert.Equal((0L, 8), (lists.Count, lists.Tiles));
        lists.Pack(new float[32 * 32], []);
    }
}
