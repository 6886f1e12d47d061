namespace SparseSharp;

/// <summary>An update rule over flat arrays. Its state lives with the parameters, so one instance may serve several models.</summary>
public abstract class Optimizer
{
    /// <summary>State arrays per parameter: 0, 1 or 2.</summary>
    public abstract int StateCount { get; }

    /// <summary>The base learning rate, which a schedule scales.</summary>
    public abstract float LearningRate { get; }

    /// <summary>Updates a slice of a parameter in place; called for disjoint slices, from any thread, and allocates nothing.</summary>
    /// <param name="values">The slice of the parameter.</param>
    /// <param name="gradient">Its gradient, before <see cref="UpdateStep.GradientScale"/>.</param>
    /// <param name="first">Its first state, empty if <see cref="StateCount"/> is 0.</param>
    /// <param name="second">Its second state, empty if <see cref="StateCount"/> is less than 2.</param>
    /// <param name="step">What holds for the whole step.</param>
    public abstract void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step);
}

/// <summary>What holds for one optimizer step.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="LearningRate">The scheduled learning rate.</param>
/// <param name="GradientScale">Factor on every gradient, from clipping and accumulation.</param>
/// <param name="Decay">Whether weight decay applies to this parameter.</param>
public readonly record struct UpdateStep(long Step, float LearningRate, float GradientScale, bool Decay);
