using SparseSharp.Kernels;

namespace SparseSharp.Benchmarks.Products;

/// <summary>A model with a single layer.</summary>
/// <param name="Name">Of the kernel, as rows show it.</param>
/// <param name="IsSparse">Whether it competes with the dense one.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Batches">The batch sizes that it is measured with; none for all.</param>
/// <param name="Create">Makes the model from a seed.</param>
internal sealed record LayerKernel(
    string Name, bool IsSparse, LayerDescriptor Layer, IReadOnlyList<int> Batches, Func<ulong, ISparseModel> Create)
{
    /// <summary>Kept share of what the products skip: of the weights, or of the gradient of the output.</summary>
    public double Density { get; init; } = Layer.Density;

    /// <summary>Whether it competes with blocks.</summary>
    public bool InBlocks { get; init; }

    /// <summary>Whether the gradient of the weights is the only product that differs from a dense layer's.</summary>
    public bool PrunesGradients { get; init; }

    /// <summary>Whether the gradient of the weights is that of a dense layer, because all weights learn.</summary>
    public bool HasDenseGradient { get; init; }

    /// <summary>Whether there is anything to measure.</summary>
    public bool Fits(ProductShape shape, Product product) =>
        Fits(shape) && (!PrunesGradients || product == Product.GradWeight) && !(HasDenseGradient && product == Product.GradWeight);

    public bool Fits(ProductShape shape) =>
        (Layer.Inputs, Layer.Outputs) == (shape.Inputs, shape.Outputs) && (Batches.Count == 0 || Batches.Contains(shape.Batch));
}
