using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SparseSharp.Learning;

/// <summary>What the rules of Adam and AdamW have in common.</summary>
/// <param name="Beta1">Share of the mean gradient that is kept.</param>
/// <param name="Beta2">Share of the mean square that is kept.</param>
/// <param name="Epsilon">Added to the root of the mean square.</param>
/// <param name="WeightDecay">Decay of weights.</param>
internal sealed record AdamSettings(float Beta1, float Beta2, float Epsilon, float WeightDecay)
{
    /// <summary>The rule with its settings.</summary>
    public string Describe(string rule, float learningRate) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rule}(learningRate: {learningRate}, beta1: {Beta1}, beta2: {Beta2}, epsilon: {Epsilon}, weightDecay: {WeightDecay})");

    /// <summary>What an update makes of bounds.</summary>
    /// <param name="before">Bounds before it.</param>
    /// <param name="gradient">Largest magnitude of the gradient that the moments take.</param>
    /// <param name="step">What holds for the whole step.</param>
    public UpdateBounds Bound(in UpdateBounds before, double gradient, in UpdateStep step)
    {
        var first = Math.Max(before.First, gradient);
        var second = Math.Max(before.Second, gradient * gradient);
        var ratio = Math.Min(first / Epsilon, LargestRatio(step.FrozenAt > 0));
        var descent = Math.Abs(step.LearningRate) / (1 - Math.Pow(Beta1, step.Step));
        var isKnown = descent <= UpdateBounds.Limit && ratio <= UpdateBounds.Limit;
        return isKnown ? new UpdateBounds(before.Value + (descent * ratio), first, second).Rounded() : UpdateBounds.Unknown;
    }

    /// <summary>
    /// What <c>m / (√v + epsilon)</c> cannot exceed. Both are sums over the same gradients, so Cauchy and Schwarz tell how large one can be
    /// beside the other: 7.3 times with the default shares. Squares of less than 1e-36 lose digits: there epsilon decides.
    /// </summary>
    /// <param name="isFrozen">Whether the second moments stay behind.</param>
    private double LargestRatio(bool isFrozen)
    {
        double beta1 = Beta1;
        double beta2 = Beta2;
        if (isFrozen || beta1 * beta1 >= beta2)
            return double.PositiveInfinity;
        var largest = (1 - beta1) / Math.Sqrt((1 - beta2) * (1 - (beta1 * beta1 / beta2)));
        return largest * (1.01 + (1e-18 / Epsilon));
    }
}

/// <summary>The moments of a gradient with bias correction, and the step along them.</summary>
internal readonly struct AdamMoments
{
    private readonly Vector<float> _beta1;
    private readonly Vector<float> _gain1;
    private readonly Vector<float> _beta2;
    private readonly Vector<float> _gain2;
    private readonly Vector<float> _rootScale;
    private readonly Vector<float> _epsilon;
    private readonly Vector<float> _descent;

    public AdamMoments(AdamSettings settings, in UpdateStep step)
    {
        var meanCorrection = 1 - Math.Pow(settings.Beta1, step.Step);
        var isFrozen = step.FrozenAt > 0;
        var squareCorrection = 1 - Math.Pow(settings.Beta2, isFrozen ? step.FrozenAt : step.Step);
        _beta1 = new(settings.Beta1);
        _gain1 = new(1 - settings.Beta1);
        _beta2 = new(isFrozen ? 1 : settings.Beta2);
        _gain2 = new(isFrozen ? 0 : 1 - settings.Beta2);
        _rootScale = new((float)(1 / Math.Sqrt(squareCorrection)));
        _epsilon = new(settings.Epsilon);
        _descent = new((float)(-step.LearningRate / meanCorrection));
    }

    /// <summary>Updates the moments and writes the weights.</summary>
    /// <param name="gradient">The gradient.</param>
    /// <param name="from">The weights to step from.</param>
    /// <param name="value">Receives the weights.</param>
    /// <param name="first">Mean of the gradients.</param>
    /// <param name="second">Mean of their squares.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(Vector<float> gradient, Vector<float> from, ref float value, ref float first, ref float second)
    {
        var m = Vector.MultiplyAddEstimate(_beta1, Vector.LoadUnsafe(ref first), _gain1 * gradient);
        var v = Vector.MultiplyAddEstimate(_beta2, Vector.LoadUnsafe(ref second), _gain2 * gradient * gradient);
        m.StoreUnsafe(ref first);
        v.StoreUnsafe(ref second);
        var denominator = Vector.MultiplyAddEstimate(Vector.SquareRoot(v), _rootScale, _epsilon);
        Vector.MultiplyAddEstimate(_descent, m / denominator, from).StoreUnsafe(ref value);
    }
}
