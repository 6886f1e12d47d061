using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>
/// Gradients that an optimizer step reads. Whatever has to happen to all gradients of a training (clipping, a look for what is not finite,
/// a sum over machines) goes through the buffers that a rule names, and so cannot forget one.
/// </summary>
/// <param name="name">Of the buffer among those of its matrix.</param>
/// <param name="gains">What the rule makes of the gradients; null where weights learn from them as they are.</param>
internal abstract unsafe class GradientBuffer(string name, Func<GradientGains>? gains = null)
{
    /// <summary>Of the buffer among those of its matrix.</summary>
    public string Name => name;

    /// <summary>How far the rule takes parameters from these gradients, for bounds.</summary>
    public GradientGains Gains => gains is null ? GradientGains.None : gains();

    /// <summary>The gradients. Their order depends on the mask: it is the same where masks are.</summary>
    public abstract Span<float> Values { get; }

    /// <summary>Sum of squares of what a group of rows learns from.</summary>
    public abstract double Squares(int group);

    /// <summary>Largest magnitude in a group of rows, infinite or NaN if one of them is.</summary>
    public abstract float Peak(int group);

    /// <summary>
    /// Turns the gradient of the loss for a group into the one that its weights learn from, in place: for optimizers that know nothing of
    /// masks.
    /// </summary>
    public virtual void Complete(int group) { }
}

/// <summary>The gradient of all weights, <c>[rows, columns]</c>.</summary>
/// <param name="matrix">The weights.</param>
/// <param name="gains">What the rule makes of the gradients.</param>
internal class RowGradients(Matrix matrix, Func<GradientGains>? gains = null) : GradientBuffer("weight", gains)
{
    /// <inheritdoc/>
    public override Span<float> Values => matrix.Parameter.GradientBuffer;

    /// <summary>The weights.</summary>
    protected Matrix Matrix => matrix;

    /// <inheritdoc/>
    public override double Squares(int group) => SumOfSquares.Compute(Group(group));

    /// <inheritdoc/>
    public override float Peak(int group) => Numerics.Peak.Of(Group(group));

    private Span<float> Group(int group)
    {
        var (first, end) = matrix.GroupRange(group);
        return Values[(first * matrix.Columns)..(end * matrix.Columns)];
    }
}

/// <summary>The gradient of kept weights, in the order of the packed ones.</summary>
/// <param name="matrix">The weights.</param>
/// <param name="gains">What the rule makes of the gradients.</param>
internal sealed unsafe class PackedGradients(BucketMatrix matrix, Func<GradientGains>? gains = null) : GradientBuffer("weight", gains)
{
    /// <inheritdoc/>
    public override Span<float> Values =>
        new(matrix.KeptGradient, checked((int)matrix.Forward.ValueOffset(matrix.Forward.DepthBlocks - 1, matrix.Forward.Blocks)));

    /// <inheritdoc/>
    public override double Squares(int group)
    {
        var sum = 0.0;
        for (var depthBlock = 0; depthBlock < matrix.Forward.DepthBlocks; depthBlock++)
            sum += SumOfSquares.Compute(Values[matrix.PackedSlice(group, depthBlock)]);
        return sum;
    }

    /// <inheritdoc/>
    public override float Peak(int group)
    {
        var peak = 0f;
        for (var depthBlock = 0; depthBlock < matrix.Forward.DepthBlocks; depthBlock++)
            peak = Numerics.Peak.Larger(peak, Numerics.Peak.Of(Values[matrix.PackedSlice(group, depthBlock)]));
        return peak;
    }
}

/// <summary>A gradient of all weights that no weight learns from, but the search for a mask goes by: clipping leaves it out.</summary>
/// <param name="matrix">The weights.</param>
internal sealed unsafe class MaskedGradients(Matrix matrix) : GradientBuffer("all weights")
{
    /// <inheritdoc/>
    public override Span<float> Values => new(matrix.MaskedGradient, matrix.Rows * matrix.Columns);

    /// <inheritdoc/>
    public override double Squares(int group) => 0;

    /// <inheritdoc/>
    public override float Peak(int group)
    {
        var (first, end) = matrix.GroupRange(group);
        return Numerics.Peak.Of(Values[(first * matrix.Columns)..(end * matrix.Columns)]);
    }
}
