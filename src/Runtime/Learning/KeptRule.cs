using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>A static mask: only kept weights exist, packed, and the mask never changes.</summary>
internal class KeptRule(BucketMatrix matrix) : UpdateRule(matrix)
{
    /// <summary>The weights.</summary>
    protected BucketMatrix Buckets { get; } = matrix;

    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
        {
            UpdateSlice(Parameter, PackedSlice(group, depthBlock), optimizer, in step);
            Buckets.RoundPacked(PackedSlice(group, depthBlock));
        }
        Buckets.Packer.Transfer(group);
    }

    public override double GradientSquares(int group)
    {
        var sum = 0.0;
        for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
            sum += SumOfSquares.Compute(Parameter.Gradient[PackedSlice(group, depthBlock)]);
        return sum;
    }

    public override float GradientPeak(int group)
    {
        var peak = 0f;
        for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
            peak = Peak.Larger(peak, Peak.Of(Parameter.Gradient[PackedSlice(group, depthBlock)]));
        return peak;
    }

    /// <inheritdoc cref="BucketMatrix.PackedSlice"/>
    protected Range PackedSlice(int group, int depthBlock) => Buckets.PackedSlice(group, depthBlock);
}
