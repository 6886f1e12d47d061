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
    /// <typeparam name="TKernel">The emitted kernels over lists.</typeparam>
    /// <param name="keep">N of the gradient.</param>
    /// <param name="group">M of the gradient.</param>
    public KernelSet WithPrunedGradient<TKernel>(int keep, int group)
        where TKernel : struct, IListKernel => ListPass<TKernel>.Operations(this, new GradientPattern(keep, group));

    /// <summary>The same kernels, with others for a few samples.</summary>
    /// <typeparam name="TKernel">The emitted kernels over streams of weights.</typeparam>
    public KernelSet WithStream<TKernel>()
        where TKernel : struct, IStreamKernel => (KernelSet)With(StreamPass<TKernel>.Instance);

    /// <summary>The same kernels, with others for a few samples.</summary>
    /// <typeparam name="TKernel">The emitted kernels over streams of blocks.</typeparam>
    public KernelSet WithBlockStream<TKernel>()
        where TKernel : struct, IBlockStreamKernel => (KernelSet)With(BlockStreamPass<TKernel>.Instance);
}
