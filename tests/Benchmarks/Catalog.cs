using SparseSharp.Benchmarks.Activations;
using SparseSharp.Benchmarks.Generation;
using SparseSharp.Benchmarks.Masks;
using SparseSharp.Benchmarks.Products;
using SparseSharp.Benchmarks.Training;

namespace SparseSharp.Benchmarks;

/// <summary>All benchmarks, in the order in which they run.</summary>
internal static class Catalog
{
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new DenseBenchmark(),
        new SparseBenchmark("nm-forward", Product.Forward),
        new SparseBenchmark("nm-gradinput", Product.GradInput),
        new SparseBenchmark("nm-gradweight", Product.GradWeight),
        new MaskBenchmark(),
        new StepBenchmark(),
        new TanhBenchmark(),
        new GeneratorBenchmark(),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(benchmark => benchmark.Name)];
}
