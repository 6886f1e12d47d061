using System.Numerics;
using System.Runtime.CompilerServices;
using SparseSharp.Learning;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Adam (Kingma and Ba, 2015) with bias correction and decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch computes it:
/// <c>w -= lr·weightDecay·w; m = beta1·m + (1-beta1)·g; v = beta2·v + (1-beta2)·g²; w -= lr·m̂ / (√v̂ + epsilon)</c>.
/// </summary>
public sealed class AdamW : Optimizer
{
    private readonly AdamSettings _settings;

    /// <summary>Makes the rule. Its settings are rounded to float32, so <c>0.001</c> and <c>0.001f</c> give the same bits.</summary>
    /// <param name="learningRate">Base learning rate, greater than 0.</param>
    /// <param name="beta1">Share of the mean gradient that is kept, at least 0 and less than 1.</param>
    /// <param name="beta2">Share of the mean square that is kept, at least 0 and less than 1.</param>
    /// <param name="epsilon">Added to the root of the mean square, greater than 0.</param>
    /// <param name="weightDecay">Decay of weights (not of biases) per step, times the learning rate; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public AdamW(double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01)
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

    internal override UpdateBounds Bound(in UpdateBounds before, double gradient, in UpdateStep step)
    {
        var shrink = Math.Max(1, Math.Abs(1 - ((double)step.LearningRate * _settings.WeightDecay)));
        return _settings.Bound(before with { Value = shrink * before.Value }, gradient, in step);
    }

    /// <summary>The rule with its settings, for example <c>AdamW(learningRate: 0.001, beta1: 0.9, …)</c>.</summary>
    public override string ToString() => _settings.Describe(nameof(AdamW), LearningRate);

    private void Run<TSource>(
        TSource source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
        where TSource : struct, IGradientSource, allows ref struct
    {
        var shrink = new Vector<float>(step.Decay ? 1 - (step.LearningRate * _settings.WeightDecay) : 1);
        UpdateLoop.Run(new Rule(shrink, new AdamMoments(_settings, in step)), source, values, gradient, first, second);
    }

    private readonly struct Rule(Vector<float> shrink, AdamMoments moments) : IElementUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(Vector<float> gradient, ref float value, ref float first, ref float second) =>
            moments.Apply(gradient, shrink * Vector.LoadUnsafe(ref value), ref value, ref first, ref second);
    }
}
