using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>All weights, <c>[out, in]</c>.</summary>
internal sealed class DenseStore(int inputs, int outputs) : WeightStore
{
    public override NativeBuffer<float> Parameter { get; } = new((long)inputs * outputs);

    public override WeightRule MakeRule(Linear layer) => new DenseRule(layer);
}
