using System.Numerics.Tensors;
using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.Activations;

/// <summary>K-TanH beside the vectorized tanh of the platform, over numbers that spread over all branches of both.</summary>
internal sealed class TanhBenchmark : Benchmark
{
    /// <summary>The largest error of K-TanH on floats.</summary>
    private const double Tolerance = .0104;

    public override string Name => "k-tanh";

    public override string Summary =>
        "K-TanH of floats and of bfloat16, in the cache and beyond it; the peer is TensorPrimitives.Tanh on floats";

    public override void Run(BenchmarkRun run)
    {
        run.UseThreads(1);
        Measure(run, 1 << 15);
        Measure(run, 1 << 20);
    }

    private void Measure(BenchmarkRun run, int count)
    {
        var random = new Random(1);
        var x = new float[count];
        foreach (ref var value in x.AsSpan())
            value = (10 * random.NextSingle()) - 5;
        var halves = new BFloat16[count];
        BFloat16.Round(x, halves);
        var (exact, y, yHalves) = (new float[count], new float[count], new BFloat16[count]);

        var times = Interleaved.Measure(
            [
                new Contender("platform", () => TensorPrimitives.Tanh(x, exact)),
                new Contender("float", () => KTanh.Tanh(x, y)),
                new Contender("bfloat16", () => KTanh.Tanh(halves, yHalves)),
            ],
            run.Effort,
            threads: 1);

        Add("float", times[1], y.Zip(exact, (a, b) => Math.Abs(a - b)).Max());
        Add("bfloat16", times[2], halves.Zip(yHalves, (a, b) => Math.Abs((float)b - MathF.Tanh(a))).Max());

        void Add(string kernel, double ours, double error) => run.Add(
            new BenchmarkRow(Name, kernel, $"{count}", 1, ours) { Peer = new PeerTime("platform", times[0]), MaxRelErr = error },
            Tolerance);
    }
}
