namespace SparseSharp.Kernels;

/// <summary>The kernels of a layer whose weight gradient sees its input pruned along the batch.</summary>
internal sealed class PrunedInputKernels : KernelSet
{
    private readonly ProductKernels _inner;

    public PrunedInputKernels(ProductKernels inner, GradientPattern pattern)
    {
        pattern.Check();
        _inner = inner;
        Inputs = pattern;
    }

    internal override BucketFormat? Format => _inner.Format;

    internal override GradientPattern Inputs { get; }

    internal override ProductKernels WithFullGradient => _inner.WithFullGradient;

    internal override ProductKernels? Dense => _inner.Dense;

    internal override void Forward(
        MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
        _inner.Forward(product, in pass, ref x, ref z, ref y, activation);

    internal override void GradInput(
        MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved,
        bool accumulate) =>
        _inner.GradInput(product, in pass, ref dy, ref dx, derivative, ref saved, accumulate);

    internal override void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy) =>
        _inner.GradWeight(product, in batch, x, dy);

    internal override unsafe void DenseGradient(MatrixProduct product, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
        _inner.DenseGradient(product, in batch, x, dy, target, accumulate);
}
