using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>Blocks whose weights are all there is: the parameter is cut into slices of equal length.</summary>
internal class BlockRule : UpdateRule
{
    /// <summary>Weights of a cache line: workers do not share one.</summary>
    protected const int Line = 16;

    private const int Chunk = 4096;

    private readonly GradientBuffer[] _gradients;

    public BlockRule(BlockMatrix matrix)
        : base(matrix)
    {
        Kept = matrix;
        _gradients = [new SliceGradients(this)];
    }

    /// <summary>The weights.</summary>
    protected BlockMatrix Kept { get; }

    /// <summary>Weights between which slices may begin.</summary>
    protected virtual int Unit => Line;

    public override IReadOnlyList<GradientBuffer> Gradients(long step) => _gradients;

    /// <summary>What the rule makes of the gradients, for bounds.</summary>
    protected virtual GradientGains Gains => GradientGains.None;

    /// <summary>A chunk at a time, so that rounding finds it in the cache.</summary>
    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        for (var (at, end) = (Begin(group), Begin(group + 1)); at < end; at += Chunk)
        {
            var slice = at..Math.Min(end, at + Chunk);
            UpdateSlice(Parameter, slice, optimizer, in step);
            Kept.Refresh(slice);
        }
    }

    /// <summary>Sum of squares of what a group learns from.</summary>
    protected virtual double Squares(int group) => SumOfSquares.Compute(Parameter.GradientBuffer[Slice(group)]);

    /// <summary>The weights of a group.</summary>
    protected Range Slice(int group) => Begin(group)..Begin(group + 1);

    private int Begin(int group)
    {
        var length = Parameter.Length;
        return group == Matrix.Groups ? length : (int)((long)length * group / Matrix.Groups / Unit * Unit);
    }

    /// <summary>The gradient of the weights that exist, in their order.</summary>
    private sealed class SliceGradients(BlockRule rule) : GradientBuffer("weight", () => rule.Gains)
    {
        public override Span<float> Values => rule.Parameter.GradientBuffer;

        public override double Squares(int group) => rule.Squares(group);

        public override float Peak(int group) => Numerics.Peak.Of(Values[rule.Slice(group)]);
    }
}
