namespace SparseSharp.Benchmarks.Products;

/// <summary>The three products of a dense layer.</summary>
internal sealed class DenseBenchmark : Benchmark
{
    public override string Name => "dense";

    public override string Summary => "forward, grad input and grad weight of a dense layer";

    public override void Run(BenchmarkRun run)
    {
        foreach (var shape in ProductShape.Of(run))
        {
            using var contest = new ProductContest(run, shape, []);
            foreach (var product in new[] { Product.Forward, Product.GradInput, Product.GradWeight })
                contest.Measure(Name, product);
        }
    }
}
