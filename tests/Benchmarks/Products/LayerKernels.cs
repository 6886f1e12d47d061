using SparseSharp.Benchmarks.Models;

namespace SparseSharp.Benchmarks.Products;

/// <summary>The layers that are measured, by kernel and shape. A new kernel is a model with one layer and a line here.</summary>
internal static class LayerKernels
{
    private static readonly LayerKernel[] All =
    [
        Dense<Dense1024x1024>(),
        Dense<Dense784x1024>(),
        Dense<Dense4096x4096>(),
        Dense<Dense768x3072>(),
        Sparse<Transposable1024x1024>("2:4-T"),
        Sparse<Transposable784x1024>("2:4-T"),
        Sparse<Transposable4096x4096>("2:4-T"),
        Sparse<Transposable768x3072>("2:4-T"),
        Sparse<RowWise1024x1024>("2:4", 128, 256),
        Sparse<FourOfEight1024x1024>("4:8-T", 128, 256),
        Sparse<OneOfFour1024x1024>("1:4-T", 128, 256),
        Sparse<TwoOfEight1024x1024>("2:8-T", 128, 256),
        Free<Largest20x1024>("unstructured", 128, 256),
        Free<Largest10x1024>("unstructured", 128, 256),
        Free<Largest5x1024>("unstructured", 128, 256),
        Gradients<TwoOfFourGradients1024x1024>("2:4 gradients", 0.5),
        Gradients<OneOfTwoGradients1024x1024>("1:2 gradients", 0.5),
        Blocks<Product75x1024>("RBGP4"),
        Blocks<Uniform75x1024>("4x4"),
        Blocks<OneOf4x1024>("unstructured"),
        Blocks<Product87x1024>("RBGP4"),
        Blocks<Uniform87x1024>("4x4"),
        Blocks<Large87x1024>("32x32"),
        Blocks<OneOf8x1024>("unstructured"),
        Blocks<Product93x1024>("RBGP4"),
        Blocks<Uniform93x1024>("4x4"),
        Blocks<OneOf16x1024>("unstructured"),
        Blocks<Product75x4096>("RBGP4"),
        Blocks<OneOf4x4096>("unstructured"),
        Blocks<Product87x4096>("RBGP4"),
        Blocks<Uniform87x4096>("4x4"),
        Blocks<OneOf8x4096>("unstructured"),
        Blocks<Product93x4096>("RBGP4"),
        Blocks<OneOf16x4096>("unstructured"),
    ];

    /// <summary>The dense layer of a shape.</summary>
    public static LayerKernel DenseOf(ProductShape shape) => All.Single(kernel => !kernel.IsSparse && kernel.Fits(shape));

    /// <summary>The sparse layers that are measured in a shape with a product.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="product">The product.</param>
    /// <param name="blocks">Whether those of the contest of blocks; else those of N:M masks.</param>
    public static IEnumerable<LayerKernel> SparseOf(ProductShape shape, Product product, bool blocks) =>
        All.Where(kernel => kernel.IsSparse && kernel.InBlocks == blocks && kernel.Fits(shape, product));

    private static LayerKernel Dense<TModel>()
        where TModel : class, ISparseModel<TModel> => new("dense", false, TModel.Descriptor.Layers[0], [], TModel.Create);

    private static LayerKernel Sparse<TModel>(string name, params int[] batches)
        where TModel : class, ISparseModel<TModel> => new(name, true, TModel.Descriptor.Layers[0], batches, TModel.Create);

    private static LayerKernel Free<TModel>(string name, params int[] batches)
        where TModel : class, ISparseModel<TModel> => Sparse<TModel>(name, batches) with { HasDenseGradient = true };

    private static LayerKernel Blocks<TModel>(string name)
        where TModel : class, ISparseModel<TModel> => Sparse<TModel>(name) with { InBlocks = true };

    private static LayerKernel Gradients<TModel>(string name, double density)
        where TModel : class, ISparseModel<TModel> => Sparse<TModel>(name) with { Density = density, PrunesGradients = true };
}
