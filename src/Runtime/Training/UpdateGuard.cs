using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Learning;
using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>
/// Knows before an update whether it can only leave finite numbers. It carries bounds of all weights and optimizer states from step to
/// step, by the arithmetic of the rule alone, and looks at the arrays again only once the bounds have grown too far: that is rare, and so
/// the guard costs a step nothing that can be measured.
/// </summary>
/// <param name="model">The layers of the model.</param>
/// <param name="optimizer">The update rule.</param>
internal sealed class UpdateGuard(IEnumerable<ILayer> model, Optimizer optimizer)
{
    private readonly LayerParts[] _layers = [.. model.Select(layer => layer.Parts)];
    private readonly LearnedPart[] _parts = [.. model.SelectMany(layer => layer.Parts.Learned)];
    private UpdateBounds _weights = UpdateBounds.Unknown;
    private UpdateBounds _factors = UpdateBounds.Unknown;
    private long _replacements;

    /// <summary>Comes before each step: notices what was changed from outside since the last one.</summary>
    public void Begin()
    {
        var (replacements, isShared) = (0L, false);
        foreach (var part in _parts)
        {
            replacements += part.Replacements;
            isShared |= part.IsShared;
        }
        if (isShared || replacements != _replacements)
            Forget();
        _replacements = replacements;
    }

    /// <summary>Takes the bounds over a step if that is certain to leave finite numbers; else leaves them as they are.</summary>
    /// <param name="gradient">Largest magnitude of the gradient of the loss; infinite where it is not known.</param>
    /// <param name="step">The step to come.</param>
    /// <returns>Whether it is certain.</returns>
    public bool TryAdvance(double gradient, in UpdateStep step)
    {
        if (!double.IsFinite(gradient))
            return false;
        var (total, largest, frozenAt, rate) = (GradientGains.None, 1.0, 0L, 1f);
        foreach (var part in _parts)
        {
            total = total.Max(part.Gains);
            largest = Math.Max(largest, Math.Abs(part.Scale));
            rate = Math.Max(rate, part.RateFactor);
            frozenAt = Math.Max(frozenAt, part.FrozenAt);
        }
        var scale = Math.Abs(step.GradientScale);
        var learned = (scale * gradient * total.Gain) + (total.Decay * _weights.Value);
        var weights = optimizer.Bound(_weights, learned, step with { FrozenAt = frozenAt, LearningRate = step.LearningRate * rate });
        var factors = total.FactorTerms > 0
            ? FactorBounds(total, gradient, scale, step with { LearningRate = step.LearningRate * rate })
            : _factors;
        if (!weights.AreSafe || !factors.AreSafe || weights.Value * largest > UpdateBounds.Limit)
            return false;
        (_weights, _factors) = (weights, factors);
        return true;
    }

    /// <summary>Looks at the arrays: from here on the bounds are exact again.</summary>
    public void Measure()
    {
        _weights = default;
        _factors = default;
        foreach (var part in _parts)
        {
            foreach (var parameter in part.Parameters)
            {
                ref var bounds = ref part.IsFactor(parameter) ? ref _factors : ref _weights;
                bounds = new(
                    Larger(bounds.Value, parameter.Values), Larger(bounds.First, parameter.StateOrEmpty(0)),
                    Larger(bounds.Second, parameter.StateOrEmpty(1)));
            }
        }
        // Scales of blocks begin at 1 whenever blocks are chosen anew.
        _factors = _factors with { Value = Math.Max(1, _factors.Value) };
    }

    /// <summary>Knows nothing any more: somebody else has changed weights or state.</summary>
    public void Forget() => (_weights, _factors) = (UpdateBounds.Unknown, UpdateBounds.Unknown);

    /// <summary>What is not finite after an update, in words; null if everything is, the weights in use included.</summary>
    /// <param name="descriptor">The layer table of the model.</param>
    public string? FirstFault(ModelDescriptor descriptor)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            var (layer, path) = (_layers[i], descriptor.Layers[i].Path);
            foreach (var parameter in layer.Parameters)
            {
                if (!IsFinite(parameter.Values))
                    return $"{parameter.Name} of {path}";
                if (!IsFinite(parameter.StateOrEmpty(0)) || !IsFinite(parameter.StateOrEmpty(1)))
                    return $"optimizer state for the {parameter.Name} of {path}";
            }
            foreach (var weights in layer.Matrices)
            {
                var inUse = new float[weights.Count];
                weights.CopyInUse(inUse);
                if (!IsFinite(inUse))
                    return $"weight of {path} as its products use it";
            }
        }
        return null;

        static bool IsFinite(ReadOnlySpan<float> values) => float.IsFinite(Peak.Of(values));
    }

    private static double Larger(double bound, ReadOnlySpan<float> values)
    {
        var peak = Peak.Of(values);
        return float.IsFinite(peak) ? Math.Max(bound, peak) : double.PositiveInfinity;
    }

    /// <summary>
    /// Thresholds and the scales of blocks: their gradients are sums of those of weights, which scales have their weights in.
    /// </summary>
    private UpdateBounds FactorBounds(in GradientGains gains, double gradient, double scale, in UpdateStep step)
    {
        var sum = gains.FactorTerms * gradient * Math.Max(1, _weights.Value);
        if (sum + (gains.Penalty / scale) > UpdateBounds.Limit)
            return UpdateBounds.Unknown;
        var rate = (float)(step.LearningRate * Math.Max(1, gains.FactorRate));
        return optimizer.Bound(_factors, (scale * sum) + gains.Penalty, step with { Decay = false, LearningRate = rate });
    }
}
