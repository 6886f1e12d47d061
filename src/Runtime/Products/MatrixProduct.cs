using System.ComponentModel;
using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>
/// A weight matrix with its bias and its kernels: what the passes of a model multiply. Layers make them; emitted code hands them to the
/// drivers.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class MatrixProduct
{
    internal MatrixProduct(Matrix matrix, Bias bias, ProductKernels kernels)
    {
        Matrix = matrix;
        Bias = bias;
        Kernels = kernels;
        SmallBatch = new StreamCopy(matrix, kernels.SmallBatch);
    }

    /// <summary>The weights.</summary>
    internal Matrix Matrix { get; }

    /// <summary>The bias.</summary>
    internal Bias Bias { get; }

    /// <summary>The kernels.</summary>
    internal ProductKernels Kernels { get; }

    /// <summary>Whether weights and bias stay as they are: their gradients are not computed.</summary>
    internal bool IsFrozen { get; set; }

    /// <summary>Output features.</summary>
    internal int Rows => Matrix.Rows;

    /// <summary>Input features.</summary>
    internal int Columns => Matrix.Columns;

    /// <summary>Whether a bias is added.</summary>
    internal bool HasBias => Bias.Parameter is not null;

    /// <summary>Whether the dense kernels compute the products.</summary>
    internal bool UsesDenseKernels => Matrix.UsesDenseKernels;

    /// <summary>The weights that dense products use, <c>[rows, columns]</c>.</summary>
    internal float* DenseWeight => Matrix.InUse;

    /// <summary>Share of the weights that products use.</summary>
    internal double Density => Matrix.IsDense ? 1 : Matrix.KeptShare;

    /// <summary>The weights as kernels for a few samples read them.</summary>
    internal StreamCopy SmallBatch { get; }

    /// <summary>
    /// Whether there are kernels for a few samples, and weights as they read them: a matrix that has a mask has none of all weights.
    /// </summary>
    internal bool HasSmallBatchKernels => Kernels.SmallBatch is not null && (Matrix.Mask is null || !UsesDenseKernels);

    /// <summary>
    /// <c>z = W·x + b</c> and <c>y = activation(z)</c>, by the kernels for values as the pass has them. Drivers know one layout each.
    /// </summary>
    internal void Forward(in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    {
        pass.Check(ref x, Columns);
        pass.Check(ref z, Rows);
        pass.Check(ref y, Rows);
        if (pass.IsSampleMajor)
            Kernels.SmallBatch!.Forward(this, in pass, ref x, ref z, ref y, activation);
        else
            Kernels.Forward(this, in pass, ref x, ref z, ref y, activation);
    }

    /// <summary>Gives the memory of the matrix and of the bias up.</summary>
    internal void Free()
    {
        Matrix.Dispose();
        Bias.Dispose();
        SmallBatch.Dispose();
    }
}
