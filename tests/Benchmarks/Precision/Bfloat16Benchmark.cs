using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Models;
using SparseSharp.Benchmarks.Reporting;
using SparseSharp.Benchmarks.Training;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Precision;

/// <summary>What rounding costs: layers and training steps in bfloat16 beside the same ones in float32.</summary>
internal sealed class Bfloat16Benchmark : Benchmark
{
    private const int StepBatch = 128;

    private static readonly int[] Batches = [128, 1024];

    public override string Name => "bfloat16";

    public override string Summary =>
        "forward products of layers and training steps of 784-1024-1024-10 in bfloat16; the peer is the same in float32";

    public override void Run(BenchmarkRun run)
    {
        foreach (var threads in run.ThreadCounts)
        {
            run.UseThreads(threads);
            MeasureLayer<Dense1024x1024>(run, threads, "dense");
            MeasureLayer<Transposable1024x1024>(run, threads, "2:4-T");
            MeasureLayer<Product75x1024>(run, threads, "RBGP4");
            MeasureLayer<Product87x1024>(run, threads, "RBGP4");
            MeasureSteps<DenseNet, RoundedDenseNet>(run, threads, "dense step");
            MeasureSteps<StaticNet, RoundedStaticNet>(run, threads, "2:4-T static step");
            MeasureSteps<SrSteNet, RoundedSrSteNet>(run, threads, "2:4-T SR-STE step");
            MeasureSteps<ProductNet, RoundedProductNet>(run, threads, "RBGP4 step");
        }
    }

    private void MeasureLayer<TModel>(BenchmarkRun run, int threads, string kernel)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(1);
        var full = model.Linears[0];
        using var rounded =
            new Linear(full.Inputs, full.Outputs, false, full.Pattern, full.Product.Kernels, 1, 0, Bfloat16Use.WeightsAndActivations);
        foreach (var batch in Batches)
        {
            var (x, y) = (new float[batch * full.Inputs], new float[batch * full.Outputs]);
            KaimingUniform.Fill(x, 1, seed: 2, stream: 0);
            var times = Interleaved.Measure(
                [new Contender("float32", () => full.Forward(x, y)), new Contender("bfloat16", () => rounded.Forward(x, y))], run.Effort,
                threads);
            Add(
                run, new BenchmarkRow(Name, kernel, $"{batch}x{full.Inputs}x{full.Outputs}", threads, times[1]) { Density = full.Density },
                times[0]);
        }
    }

    private void MeasureSteps<TFull, TRounded>(BenchmarkRun run, int threads, string kernel)
        where TFull : class, ISparseModel<TFull>
        where TRounded : class, ISparseModel<TRounded>
    {
        using var batch = new Batch(StepBatch, 784, targetFeatures: 0) { Count = StepBatch };
        KaimingUniform.Fill(batch.Inputs, 1, seed: 4, stream: 0);
        using var full = new TrainingSteps<TFull>("float32", batch);
        using var rounded = new TrainingSteps<TRounded>("bfloat16", batch);
        var times = Interleaved.Measure([full.Contender(), rounded.Contender()], run.Effort, threads);
        Add(run, new BenchmarkRow(Name, kernel, $"{StepBatch}x784x1024x1024x10", threads, times[1]) { Density = full.Density }, times[0]);
    }

    private static void Add(BenchmarkRun run, BenchmarkRow row, double float32) =>
        run.Add(row with { Peer = new PeerTime("float32", float32) }, tolerance: 0);
}
