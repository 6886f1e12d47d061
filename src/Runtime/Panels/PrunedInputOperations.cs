namespace SparseSharp.Kernels;

/// <summary>The kernels of a layer whose weight gradient sees its input pruned along the batch.</summary>
internal sealed class PrunedInputOperations : LinearOperations
{
    private readonly LinearOperations _inner;

    public PrunedInputOperations(LinearOperations inner, GradientPattern pattern)
    {
        pattern.Check();
        _inner = inner;
        Inputs = pattern;
    }

    internal override BucketFormat? Format => _inner.Format;

    internal override GradientPattern Inputs { get; }

    internal override LinearOperations WithFullGradient => _inner.WithFullGradient;

    internal override LinearOperations? Dense => _inner.Dense;

    internal override void Forward(Linear layer, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
        _inner.Forward(layer, in pass, ref x, ref z, ref y, activation);

    internal override void GradInput(
        Linear layer, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate) =>
        _inner.GradInput(layer, in pass, ref dy, ref dx, derivative, ref saved, accumulate);

    internal override void GradWeight(Linear layer, in BatchPass batch, int x, int dy) =>
        _inner.GradWeight(layer, in batch, x, dy);

    internal override unsafe void DenseGradient(Linear layer, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
        _inner.DenseGradient(layer, in batch, x, dy, target, accumulate);
}
