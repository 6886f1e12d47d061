using SparseSharp.Benchmarks.Activations;
using SparseSharp.Benchmarks.Convolutions;
using SparseSharp.Benchmarks.Generation;
using SparseSharp.Benchmarks.Masks;
using SparseSharp.Benchmarks.Precision;
using SparseSharp.Benchmarks.Products;
using SparseSharp.Benchmarks.Training;
using SparseSharp.Benchmarks.WholeNetworks;

namespace SparseSharp.Benchmarks;

/// <summary>All benchmarks, in the order in which they run.</summary>
internal static class Catalog
{
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new DenseBenchmark(),
        new SparseBenchmark("nm-forward", Product.Forward, blocks: false),
        new SparseBenchmark("nm-gradinput", Product.GradInput, blocks: false),
        new SparseBenchmark("nm-gradweight", Product.GradWeight, blocks: false),
        new SparseBenchmark("block-forward", Product.Forward, blocks: true),
        new SparseBenchmark("block-gradinput", Product.GradInput, blocks: true),
        new SparseBenchmark("block-gradweight", Product.GradWeight, blocks: true),
        new SmallBatchBenchmark(),
        new ConvolutionBenchmark("conv-forward", ConvolutionPass.Forward, ConvolutionLayer.Of),
        new ConvolutionBenchmark("conv-gradinput", ConvolutionPass.GradInput, ConvolutionLayer.Of),
        new ConvolutionBenchmark("conv-gradweight", ConvolutionPass.GradWeight, ConvolutionLayer.Of),
        new ConvolutionBenchmark("conv-small", ConvolutionPass.Forward, ConvolutionLayer.Small),
        new MaskBenchmark(),
        new StepBenchmark(),
        new NetworkPredictionBenchmark(),
        new NetworkStepBenchmark(),
        new Bfloat16Benchmark(),
        new TanhBenchmark(),
        new GeneratorBenchmark(),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(benchmark => benchmark.Name)];
}
