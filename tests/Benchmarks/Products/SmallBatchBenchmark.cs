using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Models;
using SparseSharp.Benchmarks.Peers;
using SparseSharp.Benchmarks.Reporting;
using SparseSharp.Kernels;

namespace SparseSharp.Benchmarks.Products;

/// <summary>
/// Forward products of few samples, where what counts is how many bytes the weights are; beside them a read of memory, in the same turns.
/// </summary>
internal sealed unsafe class SmallBatchBenchmark : Benchmark
{
    /// <summary>A sum of 4096 products in single precision, of weights as they are stored.</summary>
    private const double Tolerance = 2e-5;

    private static readonly int[] LargeBatches = [1, 2, 4, 8];

    /// <summary>The last one is no small batch: what weights in bfloat16 cost there.</summary>
    private static readonly int[] CachedBatches = [1, 4, 8, 16, 32, 128];

    public override string Name => "small-batch";

    public override string Summary => "forward of few samples, with weights in float32 and in bfloat16; the last shape is a large batch";

    public override void Run(BenchmarkRun run)
    {
        using (var layers = new Layers(new Dense1024x1024(1).Layer, new Transposable1024x1024(1).Layer, new Product87x1024(1).Layer))
            Run(run, layers, run.Effort.IsQuick ? [1, 8] : CachedBatches);
        using (var layers = new Layers(new Dense4096x4096(1).Layer, new Transposable4096x4096(1).Layer, new Product87x4096(1).Layer))
            Run(run, layers, run.Effort.IsQuick ? [1] : LargeBatches);
    }

    private void Run(BenchmarkRun run, Layers layers, IEnumerable<int> batches)
    {
        using var memory = new MemoryRead();
        foreach (var batch in batches)
        {
            using var operands = new Operands(new ProductShape(batch, layers.Dense.Inputs, layers.Dense.Outputs));
            foreach (var threads in run.ThreadCounts)
                Measure(run, layers, operands, memory, threads);
        }
    }

    private void Measure(BenchmarkRun run, Layers layers, Operands operands, MemoryRead memory, int threads)
    {
        run.UseThreads(threads);
        var libraries = run.Libraries.All;
        var ours = libraries.Count + 2;
        Contender[] contenders =
        [
            .. libraries.Select(library => Entry(library, layers.Dense, operands)),
            new("read", memory.Run),
            new("dense", () => Product.Forward.Run(layers.Dense, operands)),
            .. layers.Entrants.Select(entrant => new Contender(entrant.Name, () => Product.Forward.Run(entrant.Layer, operands))),
        ];
        var times = Interleaved.Measure(contenders, run.Effort, threads);
        var bandwidth = memory.Bytes / times[libraries.Count];
        for (var i = 0; i < layers.Entrants.Length; i++)
        {
            var (name, layer) = layers.Entrants[i];
            run.Add(
                new BenchmarkRow(Name, name, operands.Shape.ToString(), threads, times[ours + i])
                {
                    Density = layer.Density,
                    Peer = run.Libraries.Best(times),
                    OwnDenseMs = times[ours - 1],
                    MaxRelErr = Product.Forward.ErrorOf(layer, operands),
                    Note = Note(layer, operands.Shape.Batch, times[ours + i], bandwidth),
                },
                Tolerance);
        }
    }

    private static Contender Entry(MatrixLibrary library, Linear dense, Operands operands) => new(library.Name, () =>
    {
        fixed (float* weight = dense.Weight)
            Product.Forward.Run(library, weight, operands);
    });

    /// <summary>What the weights are read at. They may come from a cache: then it is more than memory gives.</summary>
    private static string Note(Linear layer, int batch, double milliseconds, double bandwidth)
    {
        if (batch > SmallBatch.MaxSamples || !layer.Product.HasSmallBatchKernels)
            return "panels";
        var rate = layer.Product.SmallBatch.Stream.Bytes / milliseconds;
        return $"{rate / 1e6:0} GB/s, {rate / bandwidth:P0} of a read";
    }

    /// <summary>The layers of a shape. Those in bfloat16 have the kernels of the others.</summary>
    private sealed class Layers(Linear dense, Linear pairs, Linear blocks) : IDisposable
    {
        public Linear Dense => dense;

        public (string Name, Linear Layer)[] Entrants { get; } =
            [("nm-fp32", pairs), ("nm-bf16", Rounded(pairs)), ("rbgp4-bf16", Rounded(blocks)), ("dense-bf16", Rounded(dense))];

        public void Dispose()
        {
            dense.Dispose();
            blocks.Dispose();
            foreach (var (_, layer) in Entrants)
                layer.Dispose();
        }

        private static Linear Rounded(Linear layer) =>
            new(layer.Inputs, layer.Outputs, bias: false, layer.Pattern, layer.Product.Kernels, seed: 1, stream: 0, Bfloat16Use.Weights);
    }
}
