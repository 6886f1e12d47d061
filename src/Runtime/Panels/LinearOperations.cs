namespace SparseSharp.Kernels;

/// <summary>The kernels of one plan behind an object: what a layer needs to know of them.</summary>
public abstract class LinearOperations
{
    private protected LinearOperations() { }

    /// <summary>How the kernels want weights packed; null if they read rows of a matrix.</summary>
    internal abstract BucketFormat? Format { get; }

    /// <summary>Rows whose weights of a column lie together and columns of a block, for kernels over blocks; else null.</summary>
    internal virtual (int Rows, int Columns)? Block => null;

    /// <summary>How the output's gradient is pruned before the weight gradient, or null.</summary>
    internal virtual GradientPattern? Gradients => null;

    /// <summary>The same kernels with the weight gradient of all samples.</summary>
    internal virtual LinearOperations WithFullGradient => this;

    /// <summary>How the input is pruned along the batch before the weight gradient, or null.</summary>
    internal virtual GradientPattern? Inputs => null;

    /// <summary>The same kernels with another weight gradient, from a pruned input.</summary>
    /// <param name="keep">N of the input's groups of samples.</param>
    /// <param name="group">M of the input's groups of samples.</param>
    public LinearOperations WithPrunedInput(int keep, int group) => new PrunedInputOperations(this, new GradientPattern(keep, group));

    /// <summary>The same kernels with another weight gradient, from a pruned gradient of the output.</summary>
    /// <typeparam name="TKernel">The emitted kernels over lists.</typeparam>
    /// <param name="keep">N of the gradient.</param>
    /// <param name="group">M of the gradient.</param>
    public LinearOperations WithPrunedGradient<TKernel>(int keep, int group)
        where TKernel : struct, IListKernel => ListPass<TKernel>.Operations(this, new GradientPattern(keep, group));

    /// <summary>The same kernels, with others for a few samples.</summary>
    /// <typeparam name="TKernel">The emitted kernels over streams of weights.</typeparam>
    public LinearOperations WithStream<TKernel>()
        where TKernel : struct, IStreamKernel => With(StreamPass<TKernel>.Instance);

    /// <summary>The same kernels, with others for a few samples.</summary>
    /// <typeparam name="TKernel">The emitted kernels over streams of blocks.</typeparam>
    public LinearOperations WithBlockStream<TKernel>()
        where TKernel : struct, IBlockStreamKernel => With(BlockStreamPass<TKernel>.Instance);

    /// <summary>The kernels for a few samples, or null.</summary>
    internal SmallBatchKernels? SmallBatch { get; private set; }

    /// <summary>The kernels for all weights of a layer that has a mask; null for kernels that need no others, and where there are no other weights.</summary>
    internal virtual LinearOperations? Dense => null;

    /// <summary>As <see cref="DensePass{TKernel}.Forward(Linear, in PanelPass, ref float, ref float, ref float, ActivationKind)"/>.</summary>
    internal abstract void Forward(Linear layer, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation);

    /// <summary>As <see cref="DensePass{TKernel}.GradInput(Linear, in PanelPass, ref float, ref float, ActivationKind, ref float, bool)"/>.</summary>
    internal abstract void GradInput(
        Linear layer, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate);

    internal abstract void GradWeight(Linear layer, in BatchPass batch, int x, int dy);

    /// <summary>Panels, from one on, that a weight gradient may be given as a part of the batch: parts that add up to all panels give the bits that all at once do.</summary>
    internal virtual int GradientPanels(BatchLayout layout, int panel) => layout.Panels - panel;

    /// <summary>The gradient of all weights of a layer whose parameter are the kept ones, <c>[out, in]</c>.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the layer's input.</param>
    /// <param name="dy">Slot of the gradient of its output.</param>
    /// <param name="target">Receives the gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    internal abstract unsafe void DenseGradient(Linear layer, in BatchPass batch, int x, int dy, float* target, bool accumulate);

    private LinearOperations With(SmallBatchKernels kernels)
    {
        var copy = (LinearOperations)MemberwiseClone();
        copy.SmallBatch = kernels;
        return copy;
    }
}
