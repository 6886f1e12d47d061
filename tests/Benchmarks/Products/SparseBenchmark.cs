namespace SparseSharp.Benchmarks.Products;

/// <summary>One product of the N:M layers, beside the libraries' and our own dense ones.</summary>
internal sealed class SparseBenchmark(string name, Product product) : Benchmark
{
    public override string Name => name;

    public override string Summary => $"{product.Name} of N:M layers with a static mask";

    public override void Run(BenchmarkRun run)
    {
        foreach (var shape in ProductShape.Of(run))
        {
            using var contest = new ProductContest(run, shape, product);
            contest.Measure(Name, product);
        }
    }
}
