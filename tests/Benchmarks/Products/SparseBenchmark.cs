namespace SparseSharp.Benchmarks.Products;

/// <summary>One product of the sparse layers, beside the libraries' and our own dense ones.</summary>
/// <param name="name">Of the benchmark.</param>
/// <param name="product">The product.</param>
/// <param name="blocks">Whether of blocks, and of weights without structure at equal sparsity; else of N:M masks.</param>
internal sealed class SparseBenchmark(string name, Product product, bool blocks) : Benchmark
{
    public override string Name => name;

    public override string Summary => blocks
        ? $"{product.Name} of layers of blocks, and of weights without structure"
        : $"{product.Name} of N:M layers with a static mask, and of unstructured ones";

    public override void Run(BenchmarkRun run)
    {
        foreach (var shape in blocks ? ProductShape.OfBlocks(run) : ProductShape.Of(run))
        {
            using var contest = new ProductContest(run, shape, LayerKernels.SparseOf(shape, product, blocks));
            contest.Measure(Name, product);
        }
    }
}
