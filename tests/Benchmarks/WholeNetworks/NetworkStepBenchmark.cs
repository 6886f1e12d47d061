using Networks;
using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Reporting;
using SparseSharp.Benchmarks.Training;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.WholeNetworks;

/// <summary>Training steps of whole networks (forward, loss, backward, update), dense and sparse. There is no peer.</summary>
internal sealed class NetworkStepBenchmark : Benchmark
{
    public override string Name => "net-step";

    public override string Summary => "training steps of whole networks, dense and sparse";

    public override void Run(BenchmarkRun run)
    {
        Measure(
            run, NetworkShape.ResNet20(128), Make<ResNet20>("dense"), Make<FixedResNet20>("2:4-T"), Make<LearnedResNet20>("SR-STE"),
            Make<BlockResNet20>("4x4"), Make<ProductResNet20>("RBGP4"), Make<UnstructuredResNet20>("unstructured"));
        Measure(
            run, NetworkShape.WideResNet16x4(128), Make<WideResNet16x4>("dense"), Make<FixedWideResNet16x4>("2:4-T"),
            Make<Product75WideResNet16x4>("RBGP4"), Make<Product87WideResNet16x4>("RBGP4"));
    }

    private static Func<Batch, ITrainingSteps> Make<TModel>(string kernel)
        where TModel : class, ISparseModel<TModel> =>
        batch => new TrainingSteps<TModel>(kernel, batch);

    private void Measure(BenchmarkRun run, NetworkShape shape, params Func<Batch, ITrainingSteps>[] makers)
    {
        if (!run.Includes(shape.ToString(), isQuick: shape.Name == "resnet20"))
            return;
        using var batch = BatchOf(shape);
        foreach (var threads in run.ThreadCounts)
        {
            run.UseThreads(threads);
            ITrainingSteps[] steps = [.. makers.Select(make => make(batch))];
            var times = Interleaved.Measure([.. steps.Select(step => step.Contender())], run.Effort, threads);
            for (var i = 0; i < steps.Length; i++)
            {
                var bytes = steps[i].AllocatedBytes(steps: 1, warmUp: 0);
                run.Add(
                    new BenchmarkRow(Name, steps[i].Kernel, shape.ToString(), threads, times[i])
                    {
                        Density = steps[i].Density,
                        OwnDenseMs = times[0],
                        Note = $"{bytes:0.#} bytes allocated per step",
                    },
                    tolerance: 0);
                if (bytes > 0)
                    run.Fault($"{Name}, {steps[i].Kernel}, {shape}, {threads} threads: a step allocates {bytes:0.#} bytes");
            }
            foreach (var step in steps)
                step.Dispose();
        }
    }

    private static Batch BatchOf(NetworkShape shape)
    {
        var batch = new Batch(shape.Samples, shape.Features, targetFeatures: 0) { Count = shape.Samples };
        shape.Images().CopyTo(batch.Inputs);
        for (var i = 0; i < shape.Samples; i++)
            batch.Labels[i] = (int)(Philox.Word(seed: 5, (ulong)i, 0, Philox.Purpose.SyntheticData) % (uint)shape.Classes);
        return batch;
    }
}
