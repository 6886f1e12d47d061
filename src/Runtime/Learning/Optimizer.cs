using SparseSharp.Learning;

namespace SparseSharp;

/// <summary>An update rule over flat arrays. Its state lives with the parameters, so one instance may serve several models.</summary>
/// <remarks>
/// A step that diverges is taken back. The rules of this library say how far an update can go, so that this costs next to nothing. A
/// trainer with a rule of yours keeps a copy of weights and state in every step.
/// </remarks>
public abstract class Optimizer
{
    /// <summary>Elements that go through the buffer at a time: whole words of a mask.</summary>
    private const int BufferedElements = 1024;

    /// <summary>State arrays per parameter: 0, 1 or 2.</summary>
    public abstract int StateCount { get; }

    /// <summary>The base learning rate, which a schedule scales.</summary>
    public abstract float LearningRate { get; }

    /// <summary>How the second state is a mean square, for <see cref="MaskPolicy.Step"/>; null where it is not.</summary>
    internal virtual AdamSettings? Moments => null;

    /// <summary>Updates a slice of a parameter in place; called for disjoint slices, from any thread, and allocates nothing.</summary>
    /// <param name="values">The slice of the parameter.</param>
    /// <param name="gradient">Its gradient, before <see cref="UpdateStep.GradientScale"/>.</param>
    /// <param name="first">Its first state, empty if <see cref="StateCount"/> is 0.</param>
    /// <param name="second">Its second state, empty if <see cref="StateCount"/> is less than 2.</param>
    /// <param name="step">What holds for the whole step.</param>
    public abstract void Update(
        Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step);

    /// <summary>What an update makes of bounds; <see cref="UpdateBounds.Unknown"/> for rules of which nothing is known.</summary>
    /// <param name="before">Bounds before it.</param>
    /// <param name="gradient">Largest magnitude of the gradient, with all factors.</param>
    /// <param name="step">What holds for the whole step.</param>
    internal virtual UpdateBounds Bound(in UpdateBounds before, double gradient, in UpdateStep step) => UpdateBounds.Unknown;

    /// <summary>
    /// Updates a part of a row of masked weights. Rules of this library fetch their gradient from the source; others get it from a buffer
    /// that stays in the cache.
    /// </summary>
    /// <param name="source">The gradient of the weights, which has <see cref="UpdateStep.GradientScale"/> in it.</param>
    /// <param name="values">The slice of the parameter.</param>
    /// <param name="gradient">The gradient of the loss.</param>
    /// <param name="first">As in the public method.</param>
    /// <param name="second">As in the public method.</param>
    /// <param name="step">What holds for the whole step.</param>
    internal virtual void Update(
        MaskedDecay source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
    {
        Span<float> buffer = stackalloc float[BufferedElements];
        for (var start = 0; start < values.Length; start += BufferedElements)
        {
            var slice = start..Math.Min(values.Length, start + BufferedElements);
            var total = buffer[..(slice.End.Value - start)];
            source.Compute(start, values[slice], gradient[slice], total);
            Update(
                values[slice], total, first.IsEmpty ? first : first[slice], second.IsEmpty ? second : second[slice],
                step with { GradientScale = 1 });
        }
    }
}

/// <summary>What holds for one optimizer step.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="LearningRate">The scheduled learning rate.</param>
/// <param name="GradientScale">Factor on every gradient, from clipping and accumulation.</param>
/// <param name="Decay">Whether weight decay applies to this parameter.</param>
public readonly record struct UpdateStep(long Step, float LearningRate, float GradientScale, bool Decay)
{
    /// <summary>Step after which the second state stays as it is (<see cref="MaskPolicy.Step"/>), or 0 while it moves on.</summary>
    public long FrozenAt { get; init; }
}
