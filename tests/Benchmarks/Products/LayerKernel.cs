using SparseSharp.Kernels;

namespace SparseSharp.Benchmarks.Products;

/// <summary>A model with a single layer.</summary>
/// <param name="Name">Of the kernel, as rows show it.</param>
/// <param name="IsSparse">Whether it competes with the dense one.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Batch">The only batch size that it is measured with, or 0 for all.</param>
/// <param name="Create">Makes the model from a seed.</param>
internal sealed record LayerKernel(string Name, bool IsSparse, LayerDescriptor Layer, int Batch, Func<ulong, ISparseModel> Create)
{
    public bool Fits(ProductShape shape) =>
        (Layer.Inputs, Layer.Outputs) == (shape.Inputs, shape.Outputs) && (Batch == 0 || Batch == shape.Batch);
}
