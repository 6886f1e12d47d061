using SparseSharp.Masks.Search;
using SparseSharp.Masks;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>
/// S-STE (Hu et al., 2024): dense master weights that all learn from the dense gradient; products use <c>beta·soft(W)</c>, which is continuous
/// in <c>W</c>. The threshold of a group moves with every step, and the mask with it.
/// </summary>
internal sealed unsafe class SoftThresholdRule(NMMatrix buckets) : UpdateRule(buckets)
{
    /// <summary>The weights in use, from which the packed forms are filled.</summary>
    private readonly PinnedBuffer<float> _effective = new((long)buckets.Columns * buckets.Rows);

    public override float Scale { get; set; } = 1;

    private NMPattern Pattern => Buckets.Pattern;

    private NMMatrix Buckets { get; } = buckets;

    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        var inputs = Matrix.Columns;
        var master = Parameter.Buffer.Pointer;
        for (var row = first; row < end; row++)
        {
            UpdateSlice(Parameter, (row * inputs)..((row + 1) * inputs), optimizer, in step);
            Buckets.Mask.Row(row).CopyTo(Buckets.Previous.Row(row));
            MaskSearch.Find(Pattern.Shape, master, inputs, row, 1, Buckets.Mask, previous: null, "weight");
            Threshold(row, master + ((nint)row * inputs), _effective.Pointer + ((nint)row * inputs));
        }
        if (Matrix.RoundsWeights)
            BFloat16.RoundInPlace(_effective.Span[(first * inputs)..(end * inputs)]);
        SetFlips(group, Buckets.Mask.Flips(Buckets.Previous, first, end - first));
        Buckets.Packer.Build(_effective.Pointer, group);
    }

    public override void FixScale(float* dense) =>
        Scale = (float)SoftThreshold.Scale(Pattern.Group, new ReadOnlySpan<float>(dense, Matrix.Columns * Matrix.Rows), Buckets.Mask);

    public override void Pack(float* dense)
    {
        new ReadOnlySpan<float>(dense, Matrix.Columns * Matrix.Rows).CopyTo(_effective.Span);
        Apply(_effective.Pointer);
        Buckets.Pack(_effective.Pointer);
    }

    private void Apply(float* dense)
    {
        for (var row = 0; row < Matrix.Rows; row++)
            Threshold(row, dense + ((nint)row * Matrix.Columns), dense + ((nint)row * Matrix.Columns));
    }

    public override void Dispose() => _effective.Dispose();

    private void Threshold(int row, float* weight, float* result) =>
        SoftThreshold.Apply(Pattern.Group, weight, Matrix.Columns, Buckets.Mask.Row(row), Scale, result);
}
