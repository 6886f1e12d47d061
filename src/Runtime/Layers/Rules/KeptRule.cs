using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>A static mask: only kept weights exist, packed, and the mask never changes.</summary>
internal class KeptRule(Linear layer) : WeightRule(layer)
{
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        for (var depthBlock = 0; depthBlock < Layer.Buckets.Forward.DepthBlocks; depthBlock++)
            UpdateSlice(Layer.WeightParameter, PackedSlice(group, depthBlock), optimizer, in step);
        Layer.Buckets.Packer.Transfer(group);
    }

    public override double GradientSquares(int group)
    {
        var sum = 0.0;
        for (var depthBlock = 0; depthBlock < Layer.Buckets.Forward.DepthBlocks; depthBlock++)
            sum += SumOfSquares.Compute(Layer.WeightParameter.Gradient[PackedSlice(group, depthBlock)]);
        return sum;
    }

    /// <summary>The packed weights of a group in one depth block: its row blocks are neighbours.</summary>
    protected Range PackedSlice(int group, int depthBlock)
    {
        var (first, end) = Layer.GroupRows(group);
        var weights = Layer.Buckets.Forward;
        return (int)weights.ValueOffset(depthBlock, first / 4)..(int)weights.ValueOffset(depthBlock, (end + 3) / 4);
    }
}
