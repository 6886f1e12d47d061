using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>A static mask: only kept weights exist, packed, and the mask never changes.</summary>
internal class KeptRule(Linear layer) : WeightRule(layer)
{
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        for (var depthBlock = 0; depthBlock < Layer.Buckets.Forward.DepthBlocks; depthBlock++)
        {
            UpdateSlice(Layer.WeightParameter, PackedSlice(group, depthBlock), optimizer, in step);
            Layer.Buckets.RoundPacked(PackedSlice(group, depthBlock));
        }
        Layer.Buckets.Packer.Transfer(group);
    }

    public override double GradientSquares(int group)
    {
        var sum = 0.0;
        for (var depthBlock = 0; depthBlock < Layer.Buckets.Forward.DepthBlocks; depthBlock++)
            sum += SumOfSquares.Compute(Layer.WeightParameter.Gradient[PackedSlice(group, depthBlock)]);
        return sum;
    }

    public override float GradientPeak(int group)
    {
        var peak = 0f;
        for (var depthBlock = 0; depthBlock < Layer.Buckets.Forward.DepthBlocks; depthBlock++)
            peak = Peak.Larger(peak, Peak.Of(Layer.WeightParameter.Gradient[PackedSlice(group, depthBlock)]));
        return peak;
    }

    /// <inheritdoc cref="BucketStore.PackedSlice"/>
    protected Range PackedSlice(int group, int depthBlock) => Layer.Buckets.PackedSlice(group, depthBlock);
}
