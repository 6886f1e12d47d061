using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Blocks that never change: the parameter is all there is, and it is cut into slices of equal length.</summary>
internal sealed class BlockRule(Linear layer) : WeightRule(layer)
{
    /// <summary>Slices begin at cache lines, so that workers do not share one.</summary>
    private const int Line = 16;

    public override void Update(int group, Optimizer optimizer, in UpdateStep step) =>
        UpdateSlice(Layer.WeightParameter, Slice(group), optimizer, in step);

    public override double GradientSquares(int group) => SumOfSquares.Compute(Layer.WeightParameter.Gradient[Slice(group)]);

    private Range Slice(int group) => Begin(group)..Begin(group + 1);

    private int Begin(int group)
    {
        var length = Layer.WeightParameter.Length;
        return group == Layer.Groups ? length : (int)((long)length * group / Layer.Groups / Line * Line);
    }
}
