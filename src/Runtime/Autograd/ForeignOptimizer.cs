using SparseSharp.Learning;

namespace SparseSharp.Kernels;

/// <summary>
/// Stands in for an optimizer of another framework, which has updated the values already: what is left to do are masks and packed copies.
/// </summary>
internal sealed class ForeignOptimizer : Optimizer
{
    /// <inheritdoc/>
    public override int StateCount => 0;

    /// <summary>Unknown here; no rule that can be trained by others asks for it.</summary>
    public override float LearningRate => 1;

    /// <inheritdoc/>
    public override void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
    {
    }

    /// <inheritdoc/>
    internal override void Update(
        MaskedDecay source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
    {
    }
}
