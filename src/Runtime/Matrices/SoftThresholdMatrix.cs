using SparseSharp.Kernels;
using SparseSharp.Masks.Search;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// N:M weights of which products use <c>beta·soft(W)</c>: what exceeds the largest masked magnitude of its group, times a factor.
/// </summary>
internal sealed unsafe class SoftThresholdMatrix(int rows, int columns, NMPattern pattern, BucketFormat format, bool rounds)
    : NMMatrix(rows, columns, pattern, format, rounds)
{
    /// <summary>The weights in use, from which the packed forms are filled.</summary>
    private readonly PinnedBuffer<float> _effective = new((long)rows * columns);

    public override float Scale { get; set; } = 1;

    public override void FixScale(float* dense) =>
        Scale = (float)SoftThreshold.Scale(Pattern.Group, new ReadOnlySpan<float>(dense, Rows * Columns), Mask);

    protected override bool HoldsInUse => false;

    public override void CopyInUse(Span<float> target) => CopyPacked(target);

    public override void Pack(float* dense)
    {
        for (var row = 0; row < Rows; row++)
            Threshold(row, dense + ((nint)row * Columns));
        base.Pack(_effective.Pointer);
    }

    /// <summary>Fills the weights in use of a row from its master weights.</summary>
    public void LoadRow(int row, float* master)
    {
        Threshold(row, master);
        if (RoundsWeights)
            BFloat16.RoundInPlace(_effective.Span.Slice(row * Columns, Columns));
    }

    /// <summary>Packs a group whose rows were all filled.</summary>
    public void BuildGroup(int group) => Packer.Build(_effective.Pointer, group);

    public override void Dispose()
    {
        base.Dispose();
        _effective.Dispose();
    }

    private void Threshold(int row, float* weight) =>
        SoftThreshold.Apply(Pattern.Group, weight, Columns, Mask.Row(row), Scale, _effective.Pointer + ((nint)row * Columns));
}
