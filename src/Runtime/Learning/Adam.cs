using System.Numerics;
using System.Runtime.CompilerServices;
using SparseSharp.Learning;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Adam (Kingma and Ba, 2015) with bias correction and coupled weight decay, as PyTorch computes it: <c>g += weightDecay·w; m = beta1·m +
/// (1-beta1)·g; v = beta2·v + (1-beta2)·g²; w -= lr·m̂ / (√v̂ + epsilon)</c>. The decay is part of the gradient, so the mean square scales
/// it too; in <see cref="AdamW"/> it is not.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly AdamSettings _settings;

    /// <summary>Makes the rule. Its settings are rounded to float32, so <c>0.001</c> and <c>0.001f</c> give the same bits.</summary>
    /// <param name="learningRate">Base learning rate, greater than 0.</param>
    /// <param name="beta1">Share of the mean gradient that is kept, at least 0 and less than 1.</param>
    /// <param name="beta2">Share of the mean square that is kept, at least 0 and less than 1.</param>
    /// <param name="epsilon">Added to the root of the mean square, greater than 0.</param>
    /// <param name="weightDecay">Factor of the weights that is added to their gradient (not to that of biases), at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Adam(double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
    {
        LearningRate = Ranges.PositiveSingle(learningRate);
        _settings = new(
            Ranges.ShareSingle(beta1), Ranges.ShareSingle(beta2), Ranges.PositiveSingle(epsilon), Ranges.NotNegativeSingle(weightDecay));
    }

    /// <inheritdoc/>
    public override int StateCount => 2;

    /// <inheritdoc/>
    public override float LearningRate { get; }

    internal override AdamSettings? Moments => _settings;

    /// <inheritdoc/>
    public override void Update(
        Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step) =>
        Run(new ScaledGradient(step.GradientScale), values, gradient, first, second, in step);

    internal override void Update(
        MaskedDecay source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step) =>
        Run(source, values, gradient, first, second, in step);

    internal override UpdateBounds Bound(in UpdateBounds before, double gradient, in UpdateStep step) =>
        _settings.Bound(in before, gradient + (_settings.WeightDecay * before.Value), in step);

    /// <summary>The rule with its settings, for example <c>Adam(learningRate: 0.001, beta1: 0.9, …)</c>.</summary>
    public override string ToString() => _settings.Describe(nameof(Adam), LearningRate);

    private void Run<TSource>(
        TSource source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
        where TSource : struct, IGradientSource, allows ref struct
    {
        var decay = new Vector<float>(step.Decay ? _settings.WeightDecay : 0);
        UpdateLoop.Run(new Rule(decay, new AdamMoments(_settings, in step)), source, values, gradient, first, second);
    }

    private readonly struct Rule(Vector<float> decay, AdamMoments moments) : IElementUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(Vector<float> gradient, ref float value, ref float first, ref float second)
        {
            var w = Vector.LoadUnsafe(ref value);
            moments.Apply(Vector.MultiplyAddEstimate(decay, w, gradient), w, ref value, ref first, ref second);
        }
    }
}
