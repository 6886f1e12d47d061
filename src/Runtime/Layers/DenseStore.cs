using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>All weights, <c>[out, in]</c>, and where products use them as bfloat16 a rounded copy.</summary>
internal sealed unsafe class DenseStore : WeightStore
{
    private readonly RoundedRows? _rounded;

    public DenseStore(int inputs, int outputs, bool rounds)
    {
        Parameter = new PinnedBuffer<float>((long)inputs * outputs);
        _rounded = rounds ? new RoundedRows(outputs, inputs) : null;
    }

    public override PinnedBuffer<float> Parameter { get; }

    public override float* InUse => _rounded is null ? Parameter.Pointer : _rounded.Pointer;

    public override WeightRule MakeRule(Linear layer) => new DenseRule(layer);

    public override void RoundRows(int first, int end) => _rounded?.Take(Parameter.Pointer, first, end);

    public override void Pack(float* dense) => _rounded?.Take(dense);

    public override void Dispose() => _rounded?.Dispose();
}
