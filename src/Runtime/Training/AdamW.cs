using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using SparseSharp.Layers;
using SparseSharp.Training;

namespace SparseSharp;

/// <summary>
/// Adam (Kingma and Ba, 2015) with bias correction and decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch computes it:
/// <c>w -= lr·weightDecay·w; m = beta1·m + (1-beta1)·g; v = beta2·v + (1-beta2)·g²; w -= lr·m̂ / (√v̂ + epsilon)</c>.
/// </summary>
public sealed class AdamW : Optimizer
{
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _epsilon;
    private readonly float _weightDecay;

    /// <summary>Makes the rule.</summary>
    /// <param name="learningRate">Base learning rate, greater than 0.</param>
    /// <param name="beta1">Share of the mean gradient that is kept, at least 0 and less than 1.</param>
    /// <param name="beta2">Share of the mean square that is kept, at least 0 and less than 1.</param>
    /// <param name="epsilon">Added to the root of the mean square, greater than 0.</param>
    /// <param name="weightDecay">Decay of weights (not of biases) per step, times the learning rate; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public AdamW(float learningRate, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0.01f)
    {
        Ranges.Positive(learningRate);
        Ranges.Share(beta1);
        Ranges.Share(beta2);
        Ranges.Positive(epsilon);
        Ranges.NotNegative(weightDecay);
        LearningRate = learningRate;
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _weightDecay = weightDecay;
    }

    /// <inheritdoc/>
    public override int StateCount => 2;

    internal float Beta2 => _beta2;

    internal float Epsilon => _epsilon;

    /// <inheritdoc/>
    public override float LearningRate { get; }

    /// <inheritdoc/>
    public override void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step) =>
        Run(new ScaledGradient(step.GradientScale), values, gradient, first, second, in step);

    internal override void Update(
        MaskedDecay source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step) =>
        Run(source, values, gradient, first, second, in step);

    /// <summary>The rule with its settings, for example <c>AdamW(learningRate: 0.001, beta1: 0.9, …)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"AdamW(learningRate: {LearningRate}, beta1: {_beta1}, beta2: {_beta2}, epsilon: {_epsilon}, weightDecay: {_weightDecay})");

    private void Run<TSource>(
        TSource source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
        where TSource : struct, IGradientSource, allows ref struct
    {
        var meanCorrection = 1 - Math.Pow(_beta1, step.Step);
        var isFrozen = step.FrozenAt > 0;
        var squareCorrection = 1 - Math.Pow(_beta2, isFrozen ? step.FrozenAt : step.Step);
        UpdateLoop.Run(
            new Rule
            {
                Shrink = new(step.Decay ? 1 - (step.LearningRate * _weightDecay) : 1),
                Beta1 = new(_beta1),
                Gain1 = new(1 - _beta1),
                Beta2 = new(isFrozen ? 1 : _beta2),
                Gain2 = new(isFrozen ? 0 : 1 - _beta2),
                RootScale = new((float)(1 / Math.Sqrt(squareCorrection))),
                Epsilon = new(_epsilon),
                Descent = new((float)(-step.LearningRate / meanCorrection)),
            },
            source, values, gradient, first, second);
    }

    private readonly struct Rule : IUpdateRule
    {
        public required Vector<float> Shrink { get; init; }

        public required Vector<float> Beta1 { get; init; }

        public required Vector<float> Gain1 { get; init; }

        public required Vector<float> Beta2 { get; init; }

        public required Vector<float> Gain2 { get; init; }

        public required Vector<float> RootScale { get; init; }

        public required Vector<float> Epsilon { get; init; }

        public required Vector<float> Descent { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(Vector<float> gradient, ref float value, ref float first, ref float second)
        {
            var m = Vector.MultiplyAddEstimate(Beta1, Vector.LoadUnsafe(ref first), Gain1 * gradient);
            var v = Vector.MultiplyAddEstimate(Beta2, Vector.LoadUnsafe(ref second), Gain2 * gradient * gradient);
            m.StoreUnsafe(ref first);
            v.StoreUnsafe(ref second);
            var denominator = Vector.MultiplyAddEstimate(Vector.SquareRoot(v), RootScale, Epsilon);
            Vector.MultiplyAddEstimate(Descent, m / denominator, Shrink * Vector.LoadUnsafe(ref value)).StoreUnsafe(ref value);
        }
    }
}
