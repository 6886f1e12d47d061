using SparseSharp.Kernels;
using SparseSharp.Masks.Search;

namespace SparseSharp.Matrices;

/// <summary>The largest share of its weights that a row, or a column, can keep: so many of each group.</summary>
/// <param name="Keep">Weights kept.</param>
/// <param name="Group">Weights in a group; divides the row and <see cref="PanelGeometry.DepthBlock"/>.</param>
internal readonly record struct KeptLimit(int Keep, int Group)
{
    /// <summary>All of them.</summary>
    public static KeptLimit All => new(1, 1);

    /// <summary>
    /// What a pattern keeps of a row or a column; all where it says nothing of that direction, or its groups lie across blocks of depth.
    /// </summary>
    public static KeptLimit Of(NMPattern pattern, bool applies) =>
        applies && PanelGeometry.DepthBlock % pattern.Group == 0 ? new(pattern.Keep, pattern.Group) : All;
}

/// <summary>The packed forms of an N:M layer.</summary>
internal unsafe class NMMatrix(int rows, int columns, NMPattern pattern, BucketFormat format, bool rounds)
    : BucketMatrix(
        rows, columns, pattern, format, KeptLimit.Of(pattern, applies: true), KeptLimit.Of(pattern, pattern.Transposable),
        pattern.KeepsMaskedWeights, pattern.Policy == MaskPolicy.BiMask, rounds)
{
    /// <inheritdoc cref="Matrix.Pattern"/>
    public new NMPattern Pattern { get; } = pattern;

    public override double KeptShare => Pattern.Density;

    /// <summary>Whether a mask can be searched group by group.</summary>
    public bool TilesStayInGroups => Pattern.StaysInGroups(GroupRows);

    public override void FindMask(float* dense, bool fromMask)
    {
        MaskSearch.Find(Pattern.Shape, dense, Mask.Columns, 0, Mask.Rows, Mask, fromMask ? Mask : null, "weight");
        FindSecondMask(dense, step: 0);
    }

    public override void SetMask(Mask mask, float* dense)
    {
        base.SetMask(mask, dense);
        FindSecondMask(dense, step: 0);
    }

    protected override long[] KeptShape => [Rows, Columns / Pattern.Group * Pattern.Keep];

    /// <summary>Master weights, which products use as they are, or rounded; else the packed ones.</summary>
    public override void CopyInUse(Span<float> target)
    {
        if (HasDenseMaster)
            new ReadOnlySpan<float>(InUse, target.Length).CopyTo(target);
        else
            base.CopyInUse(target);
    }

    public override void Pack(float* dense)
    {
        Limit(Forward, TransposedOrNull);
        base.Pack(dense);
    }

    /// <summary>Finds the part of the mask that the other orientation keeps, where that is not all of it.</summary>
    /// <param name="dense">Weights <c>[out, in]</c>.</param>
    /// <param name="step">Number of the optimizer step: each search draws its own permutations.</param>
    public void FindSecondMask(float* dense, long step)
    {
        if (SecondMask is not null)
            PermutedColumns.Find(Pattern.Shape, dense, Mask, (ulong)step, SecondMask);
    }

    /// <summary>
    /// A column of a row-wise mask may keep any number of weights. Where the mask never changes it is known which keeps most: without that
    /// much less than all, segments would lie so far apart that processors cannot guess which memory comes next.
    /// </summary>
    protected override void Limit(BucketWeights forward, BucketWeights? transposed)
    {
        if (Pattern.Policy == MaskPolicy.Static && transposed is { Keep: 1, Group: 1 })
            transposed.Capacity = MostInColumns();
    }
}
