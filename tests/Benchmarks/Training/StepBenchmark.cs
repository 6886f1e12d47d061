using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Models;
using SparseSharp.Benchmarks.Reporting;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Training;

/// <summary>
/// One training step of 784-1024-1024-10 with loss and update, dense, N:M and blocks. The peer is the sum of the matrix products of the
/// step alone: no bias, activation, loss or update.
/// </summary>
internal sealed class StepBenchmark : Benchmark
{
    private const int BatchSize = 128;
    private const double Tolerance = 2e-5;

    private static readonly int[] Features = [784, 1024, 1024, 10];

    public override string Name => "step";

    public override string Summary => "a training step of 784-1024-1024-10, batch 128; the peer is its matrix products alone";

    public override void Run(BenchmarkRun run)
    {
        using var batch = RandomBatch();
        using var products = new PeerProducts(BatchSize, Features);
        foreach (var threads in run.ThreadCounts)
        {
            run.UseThreads(threads);
            ITrainingSteps[] steps =
            [
                new TrainingSteps<DenseNet>("dense", batch),
                new TrainingSteps<StaticNet>("2:4-T static", batch),
                new TrainingSteps<RegrowNet>("2:4-T regrow", batch),
                new TrainingSteps<SparserRegrowNet>("1:4-T regrow", batch),
                new TrainingSteps<SrSteNet>("2:4-T SR-STE", batch),
                new TrainingSteps<PrunedGradientNet>("2:4-T, 2:4 gradients", batch),
                new TrainingSteps<Product75Net>("RBGP4", batch),
                new TrainingSteps<Product87Net>("RBGP4", batch),
                new TrainingSteps<Product93Net>("RBGP4", batch),
            ];
            Measure(run, threads, products, steps);
            foreach (var step in steps)
                step.Dispose();
        }
    }

    private void Measure(BenchmarkRun run, int threads, PeerProducts products, ITrainingSteps[] steps)
    {
        // On fresh weights: after many steps an input of a ReLU may come so close to zero that rounding decides about a gradient.
        double[] errors = [.. steps.Select(step => step.GradientError())];
        var libraries = run.Libraries.All;
        var times = Interleaved.Measure(
            [.. libraries.Select(library => new Contender(library.Name, () => products.Run(library))),
                .. steps.Select(step => step.Contender())],
            run.Effort,
            threads);
        for (var i = 0; i < steps.Length; i++)
        {
            var bytes = steps[i].AllocatedBytes();
            run.Add(
                new BenchmarkRow(Name, steps[i].Kernel, $"{BatchSize}x{string.Join('x', Features)}", threads, times[libraries.Count + i])
                {
                    Density = steps[i].Density,
                    Peer = run.Libraries.Best(times),
                    OwnDenseMs = times[libraries.Count],
                    MaxRelErr = errors[i],
                    Note = $"{bytes:0.#} bytes allocated per step",
                },
                Tolerance);
            if (bytes > 0)
                run.Fault($"{Name}, {steps[i].Kernel}, {threads} threads: a step allocates {bytes:0.#} bytes");
        }
    }

    private static Batch RandomBatch()
    {
        var batch = new Batch(BatchSize, Features[0], targetFeatures: 0) { Count = BatchSize };
        KaimingUniform.Fill(batch.Inputs, 1, seed: 4, stream: 0);
        for (var i = 0; i < BatchSize; i++)
            batch.Labels[i] = (int)(Philox.Word(seed: 5, (ulong)i, 0, Philox.Purpose.SyntheticData) % (uint)Features[^1]);
        return batch;
    }
}
