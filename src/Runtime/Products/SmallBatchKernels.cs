using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>
/// The kernels of a layer for a few samples behind an object: a copy of the weights in the order in which they are used, and the forward
/// product with it.
/// </summary>
internal abstract class SmallBatchKernels
{
    /// <summary>Makes a copy of the weights of a layer.</summary>
    public abstract WeightStream MakeStream(Matrix matrix);

    /// <summary>
    /// As <see cref="DensePass.Forward(MatrixProduct, in PanelPass, ref float, ref float, ref float, ActivationKind)"/>, on sample-major
    /// values.
    /// </summary>
    public abstract void Forward(
        MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation);
}
