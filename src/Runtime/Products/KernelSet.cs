using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>The kernels of a layer, as emitted code puts them together: products, and other kernels for some of them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class KernelSet : ProductKernels
{
    private protected KernelSet() { }

    /// <summary>The same kernels with another weight gradient, from a pruned input.</summary>
    /// <param name="keep">N of the input's groups of samples.</param>
    /// <param name="group">M of the input's groups of samples.</param>
    public KernelSet WithPrunedInput(int keep, int group) => new PrunedInputKernels(this, new GradientPattern(keep, group));

    /// <summary>The same kernels with another weight gradient, from a pruned gradient of the output.</summary>
    /// <param name="keep">N of the gradient.</param>
    /// <param name="group">M of the gradient.</param>
    public KernelSet WithPrunedGradient(int keep, int group) => ListPass.Operations(this, new GradientPattern(keep, group));

    /// <summary>The same kernels, with others for a few samples.</summary>
    /// <typeparam name="TKernel">What is in the stream of weights.</typeparam>
    public KernelSet WithStream<TKernel>()
        where TKernel : struct, IStreamKernel => (KernelSet)With(StreamPass<TKernel>.Checked());

    /// <summary>The same kernels, with others for a few samples: over a stream of blocks of four by four.</summary>
    public KernelSet WithBlockStream() => (KernelSet)With(BlockStreamPass.Instance);
}
