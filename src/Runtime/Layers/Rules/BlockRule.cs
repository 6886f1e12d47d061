using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>Blocks whose weights are all there is: the parameter is cut into slices of equal length.</summary>
internal class BlockRule(Linear layer) : WeightRule(layer)
{
    /// <summary>Weights of a cache line: workers do not share one.</summary>
    protected const int Line = 16;

    private const int Chunk = 4096;

    /// <summary>Weights between which slices may begin.</summary>
    protected virtual int Unit => Line;

    /// <summary>A chunk at a time, so that rounding finds it in the cache.</summary>
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        for (var (at, end) = (Begin(group), Begin(group + 1)); at < end; at += Chunk)
        {
            var slice = at..Math.Min(end, at + Chunk);
            UpdateSlice(Layer.WeightParameter, slice, optimizer, in step);
            Layer.Blocks.Refresh(slice);
        }
    }

    public override double GradientSquares(int group) => SumOfSquares.Compute(Layer.WeightParameter.Gradient[Slice(group)]);

    public override float GradientPeak(int group) => Peak.Of(Layer.WeightParameter.Gradient[Slice(group)]);

    /// <summary>The weights of a group.</summary>
    protected Range Slice(int group) => Begin(group)..Begin(group + 1);

    private int Begin(int group)
    {
        var length = Layer.WeightParameter.Length;
        return group == Layer.Groups ? length : (int)((long)length * group / Layer.Groups / Unit * Unit);
    }
}
