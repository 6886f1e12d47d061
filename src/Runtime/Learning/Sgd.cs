using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using SparseSharp.Learning;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Stochastic gradient descent with momentum, as PyTorch computes it: <c>g += weightDecay·w; v = momentum·v + g;
/// w -= learningRate·v</c>, or with Nesterov's rule <c>w -= learningRate·(g + momentum·v)</c>.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly float _momentum;
    private readonly bool _nesterov;
    private readonly float _weightDecay;

    /// <summary>Makes the rule. Its settings are rounded to float32, so <c>0.05</c> and <c>0.05f</c> give the same bits.</summary>
    /// <param name="learningRate">Base learning rate, greater than 0.</param>
    /// <param name="momentum">Share of the last velocity that is kept, at least 0 and less than 1.</param>
    /// <param name="nesterov">Whether to look ahead along the velocity; needs a momentum.</param>
    /// <param name="weightDecay">Factor of the weights that is added to their gradient (not to that of biases), at least 0.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public Sgd(double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
    {
        LearningRate = Ranges.PositiveSingle(learningRate);
        _momentum = Ranges.ShareSingle(momentum);
        _nesterov = nesterov;
        _weightDecay = Ranges.NotNegativeSingle(weightDecay);
        if (nesterov && _momentum == 0)
            throw new ArgumentException("Nesterov's rule needs a momentum greater than 0.", nameof(nesterov));
    }

    /// <inheritdoc/>
    public override int StateCount => _momentum == 0 ? 0 : 1;

    /// <inheritdoc/>
    public override float LearningRate { get; }

    /// <inheritdoc/>
    public override void Update(
        Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step) =>
        Run(new ScaledGradient(step.GradientScale), values, gradient, first, second, in step);

    internal override void Update(
        MaskedDecay source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step) =>
        Run(source, values, gradient, first, second, in step);

    internal override UpdateBounds Bound(in UpdateBounds before, double gradient, in UpdateStep step)
    {
        var slope = gradient + (_weightDecay * before.Value);
        var velocity = (_momentum * before.First) + slope;
        // Nesterov's rule goes by a little more than the velocity.
        var descent = Math.Abs(step.LearningRate) * (slope + velocity);
        return new UpdateBounds(before.Value + descent, _momentum == 0 ? 0 : velocity, 0).Rounded();
    }

    /// <summary>
    /// The rule with its settings, for example <c>Sgd(learningRate: 0.05, momentum: 0.9, nesterov: False, weightDecay: 0)</c>.
    /// </summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Sgd(learningRate: {LearningRate}, momentum: {_momentum}, nesterov: {_nesterov}, weightDecay: {_weightDecay})");

    private void Run<TSource>(
        TSource source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
        where TSource : struct, IGradientSource, allows ref struct
    {
        var decay = new Vector<float>(step.Decay ? _weightDecay : 0);
        var descent = new Vector<float>(-step.LearningRate);
        var momentum = new Vector<float>(_momentum);
        if (_momentum == 0)
            UpdateLoop.Run(new Plain(decay, descent), source, values, gradient, first, second);
        else if (_nesterov)
            UpdateLoop.Run(new Nesterov(decay, momentum, descent), source, values, gradient, first, second);
        else
            UpdateLoop.Run(new Momentum(decay, momentum, descent), source, values, gradient, first, second);
    }

    private readonly struct Plain(Vector<float> decay, Vector<float> descent) : IElementUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(Vector<float> gradient, ref float value, ref float first, ref float second)
        {
            var w = Vector.LoadUnsafe(ref value);
            var g = Vector.MultiplyAddEstimate(decay, w, gradient);
            Vector.MultiplyAddEstimate(descent, g, w).StoreUnsafe(ref value);
        }
    }

    private readonly struct Momentum(Vector<float> decay, Vector<float> momentum, Vector<float> descent) : IElementUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(Vector<float> gradient, ref float value, ref float first, ref float second)
        {
            var w = Vector.LoadUnsafe(ref value);
            var g = Vector.MultiplyAddEstimate(decay, w, gradient);
            var v = Vector.MultiplyAddEstimate(momentum, Vector.LoadUnsafe(ref first), g);
            v.StoreUnsafe(ref first);
            Vector.MultiplyAddEstimate(descent, v, w).StoreUnsafe(ref value);
        }
    }

    private readonly struct Nesterov(Vector<float> decay, Vector<float> momentum, Vector<float> descent) : IElementUpdate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(Vector<float> gradient, ref float value, ref float first, ref float second)
        {
            var w = Vector.LoadUnsafe(ref value);
            var g = Vector.MultiplyAddEstimate(decay, w, gradient);
            var v = Vector.MultiplyAddEstimate(momentum, Vector.LoadUnsafe(ref first), g);
            v.StoreUnsafe(ref first);
            Vector.MultiplyAddEstimate(descent, Vector.MultiplyAddEstimate(momentum, v, g), w).StoreUnsafe(ref value);
        }
    }
}
