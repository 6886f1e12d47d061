using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// S-STE (Hu et al., 2024): dense master weights that all learn from the dense gradient; products use <c>beta·soft(W)</c>, which is continuous
/// in <c>W</c>. The threshold of a group moves with every step, and the mask with it.
/// </summary>
internal sealed unsafe class SoftThresholdRule(Linear layer, NMStore buckets) : WeightRule(layer)
{
    /// <summary>The weights in use, from which the packed forms are filled.</summary>
    private readonly PinnedBuffer<float> _effective = new((long)layer.Inputs * layer.Outputs);

    public override float Scale { get; set; } = 1;

    private NMPattern Pattern => Buckets.Pattern;

    private NMStore Buckets { get; } = buckets;

    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Layer.GroupRows(group);
        var inputs = Layer.Inputs;
        var master = Layer.WeightParameter.Buffer.Pointer;
        for (var row = first; row < end; row++)
        {
            UpdateSlice(Layer.WeightParameter, (row * inputs)..((row + 1) * inputs), optimizer, in step);
            Buckets.Mask.Row(row).CopyTo(Buckets.Previous.Row(row));
            MaskSearch.Find(Pattern, master, inputs, row, 1, Buckets.Mask, previous: null, "weight");
            Threshold(row, master + ((nint)row * inputs), _effective.Pointer + ((nint)row * inputs));
        }
        if (Layer.RoundsWeights)
            BFloat16.RoundInPlace(_effective.Span[(first * inputs)..(end * inputs)]);
        SetFlips(group, Buckets.Mask.Flips(Buckets.Previous, first, end - first));
        Buckets.Packer.Build(_effective.Pointer, group);
    }

    public override void FixScale(float* dense) =>
        Scale = (float)SoftThreshold.Scale(Pattern.Group, new ReadOnlySpan<float>(dense, Layer.Inputs * Layer.Outputs), Buckets.Mask);

    public override void Pack(float* dense)
    {
        new ReadOnlySpan<float>(dense, Layer.Inputs * Layer.Outputs).CopyTo(_effective.Span);
        Apply(_effective.Pointer);
        Buckets.Pack(_effective.Pointer);
    }

    public override void Apply(float* dense)
    {
        for (var row = 0; row < Layer.Outputs; row++)
            Threshold(row, dense + ((nint)row * Layer.Inputs), dense + ((nint)row * Layer.Inputs));
    }

    public override void Dispose() => _effective.Dispose();

    private void Threshold(int row, float* weight, float* result) =>
        SoftThreshold.Apply(Pattern.Group, weight, Layer.Inputs, Buckets.Mask.Row(row), Scale, result);
}
