using Networks;
using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Peers.Onnx;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.WholeNetworks;

/// <summary>
/// Predictions of whole networks, dense and sparse, beside ONNX Runtime with all weights in float32. The outputs of each network are
/// compared with those of ONNX Runtime with the same weights, zeros included, before anything is timed.
/// </summary>
internal sealed class NetworkPredictionBenchmark : Benchmark
{
    private const double Tolerance = 1e-3;

    public override string Name => "net-predict";

    public override string Summary => "predictions of whole networks, dense and sparse, beside ONNX Runtime";

    public override void Run(BenchmarkRun run)
    {
        Measure(
            run, NetworkShape.ResNet20(128), Make<ResNet20>("dense"), Make<FixedResNet20>("2:4-T"), Make<LearnedResNet20>("SR-STE"),
            Make<BlockResNet20>("4x4"), Make<ProductResNet20>("RBGP4"), Make<UnstructuredResNet20>("unstructured"));
        Measure(
            run, NetworkShape.WideResNet16x4(128), Make<WideResNet16x4>("dense"), Make<FixedWideResNet16x4>("2:4-T"),
            Make<Product75WideResNet16x4>("RBGP4"), Make<Product87WideResNet16x4>("RBGP4"));
        foreach (var samples in (int[])[1, 16])
        {
            Measure(
                run, NetworkShape.ResNet50(samples), Make<ResNet50>("dense"), Make<FixedResNet50>("2:4-T"),
                Make<Product75ResNet50>("RBGP4"), Make<Product87ResNet50>("RBGP4"));
            Measure(run, NetworkShape.MobileNet(samples), Make<MobileNet>("dense"), Make<ProductMobileNet>("RBGP4"));
        }
    }

    private static Func<NetworkShape, float[], INetwork> Make<TModel>(string kernel)
        where TModel : class, ISparseModel<TModel> =>
        (shape, images) => new Network<TModel>(kernel, shape, images);

    private void Measure(BenchmarkRun run, NetworkShape shape, params Func<NetworkShape, float[], INetwork>[] makers)
    {
        if (!run.Includes(shape.ToString(), isQuick: shape.Name == "resnet20"))
            return;
        var images = shape.Images();
        INetwork[] networks = [.. makers.Select(make => make(shape, images))];
        double[] errors = [.. networks.Select(network => network.Error())];
        foreach (var threads in run.ThreadCounts)
        {
            run.UseThreads(threads);
            using var peer = networks[0].ToOnnx(threads);
            var times = Interleaved.Measure(
                [
                    .. networks.Select(network => new Contender(network.Kernel, network.Predict)),
                    new Contender(OnnxRuntimeNetwork.Name, peer.Run),
                ],
                run.Effort, threads);
            for (var i = 0; i < networks.Length; i++)
            {
                run.Add(
                    new BenchmarkRow(Name, networks[i].Kernel, shape.ToString(), threads, times[i])
                    {
                        Density = networks[i].Density,
                        Peer = new PeerTime(OnnxRuntimeNetwork.Name, times[^1]),
                        OwnDenseMs = times[0],
                        MaxRelErr = errors[i],
                    },
                    Tolerance);
            }
        }
        foreach (var network in networks)
            network.Dispose();
    }
}
