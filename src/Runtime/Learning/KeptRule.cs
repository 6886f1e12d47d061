using SparseSharp.Matrices;

namespace SparseSharp.Learning;

/// <summary>A static mask: only kept weights exist, packed, and the mask never changes.</summary>
internal class KeptRule : UpdateRule
{
    private readonly GradientBuffer[] _gradients;

    public KeptRule(BucketMatrix matrix)
        : base(matrix)
    {
        Buckets = matrix;
        _gradients = [new PackedGradients(matrix)];
    }

    /// <summary>The weights.</summary>
    protected BucketMatrix Buckets { get; }

    public override IReadOnlyList<GradientBuffer> Gradients(long step) => _gradients;

    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
        {
            UpdateSlice(Parameter, PackedSlice(group, depthBlock), optimizer, in step);
            Buckets.RoundPacked(PackedSlice(group, depthBlock));
        }
        Buckets.Packer.Transfer(group);
    }

    /// <inheritdoc cref="BucketMatrix.PackedSlice"/>
    protected Range PackedSlice(int group, int depthBlock) => Buckets.PackedSlice(group, depthBlock);
}
