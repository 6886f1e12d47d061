using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>Blocks whose weights are all there is: the parameter is cut into slices of equal length.</summary>
internal class BlockRule(BlockMatrix matrix) : UpdateRule(matrix)
{
    /// <summary>Weights of a cache line: workers do not share one.</summary>
    protected const int Line = 16;

    private const int Chunk = 4096;

    /// <summary>The weights.</summary>
    protected BlockMatrix Kept { get; } = matrix;

    /// <summary>Weights between which slices may begin.</summary>
    protected virtual int Unit => Line;

    /// <summary>A chunk at a time, so that rounding finds it in the cache.</summary>
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        for (var (at, end) = (Begin(group), Begin(group + 1)); at < end; at += Chunk)
        {
            var slice = at..Math.Min(end, at + Chunk);
            UpdateSlice(Parameter, slice, optimizer, in step);
            Kept.Refresh(slice);
        }
    }

    public override double GradientSquares(int group) => SumOfSquares.Compute(Parameter.Gradient[Slice(group)]);

    public override float GradientPeak(int group) => Peak.Of(Parameter.Gradient[Slice(group)]);

    /// <summary>The weights of a group.</summary>
    protected Range Slice(int group) => Begin(group)..Begin(group + 1);

    private int Begin(int group)
    {
        var length = Parameter.Length;
        return group == Matrix.Groups ? length : (int)((long)length * group / Matrix.Groups / Unit * Unit);
    }
}
