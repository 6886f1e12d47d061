using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>The kernels of one plan behind an object: what a layer needs to know of them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ProductKernels
{
    private protected ProductKernels() { }

    /// <summary>How the kernels want weights packed; null if they read rows of a matrix.</summary>
    internal abstract BucketFormat? Format { get; }

    /// <summary>Rows whose weights of a column lie together and columns of a block, for kernels over blocks; else null.</summary>
    internal virtual (int Rows, int Columns)? Block => null;

    /// <summary>How the output's gradient is pruned before the weight gradient, or null.</summary>
    internal virtual GradientPattern? Gradients => null;

    /// <summary>The same kernels with the weight gradient of all samples.</summary>
    internal virtual ProductKernels WithFullGradient => this;

    /// <summary>How the input is pruned along the batch before the weight gradient, or null.</summary>
    internal virtual GradientPattern? Inputs => null;

    /// <summary>The kernels for a few samples, or null.</summary>
    internal SmallBatchKernels? SmallBatch { get; private set; }

    /// <summary>
    /// The kernels for all weights of a layer that has a mask; null for kernels that need no others, and where there are no other weights.
    /// </summary>
    internal virtual ProductKernels? Dense => null;

    /// <summary>
    /// As <see cref="DensePass.Forward(MatrixProduct, in PanelPass, ref float, ref float, ref float, ActivationKind)"/>, on panels.
    /// </summary>
    internal abstract void Forward(
        MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation);

    /// <summary>
    /// As <see cref="DensePass.GradInput(MatrixProduct, in PanelPass, ref float, ref float, ActivationKind, ref float, bool)"/>.
    /// </summary>
    internal abstract void GradInput(
        MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate);

    internal abstract void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy);

    /// <summary>
    /// How many panels to process in one call of a weight gradient, starting at <paramref name="panel"/>. Splitting a batch does not change
    /// the result bitwise.
    /// </summary>
    internal virtual int GradientPanels(BatchLayout layout, int panel) => layout.Panels - panel;

    /// <summary>The gradient of all weights of a layer whose parameter are the kept ones, <c>[out, in]</c>.</summary>
    /// <param name="product">The matrix, its bias and its kernels.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the layer's input.</param>
    /// <param name="dy">Slot of the gradient of its output.</param>
    /// <param name="target">Receives the gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    internal abstract unsafe void DenseGradient(MatrixProduct product, in BatchPass batch, int x, int dy, float* target, bool accumulate);

    /// <summary>The same kernels, with others for a few samples.</summary>
    private protected ProductKernels With(SmallBatchKernels kernels)
    {
        var copy = (ProductKernels)MemberwiseClone();
        copy.SmallBatch = kernels;
        return copy;
    }
}
