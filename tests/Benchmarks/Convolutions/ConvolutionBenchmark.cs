using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Peers;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.Convolutions;

/// <summary>
/// One product of the layers of well-known networks, dense and under masks, beside oneDNN with all weights in its own layouts.
/// </summary>
/// <param name="name">Of the benchmark.</param>
/// <param name="pass">The product.</param>
/// <param name="layers">The layers of a run.</param>
internal sealed class ConvolutionBenchmark(
    string name, ConvolutionPass pass, Func<BenchmarkRun, IEnumerable<ConvolutionLayer>> layers) : Benchmark
{
    /// <summary>A weight gradient is a sum of up to fifty thousand products in single precision.</summary>
    private const double Tolerance = 2e-5;

    public override string Name => name;

    public override string Summary => pass switch
    {
        ConvolutionPass.Forward when name == "conv-small" => "outputs of convolutions of one sample, dense and sparse",
        ConvolutionPass.Forward => "outputs of convolutions, dense and sparse",
        ConvolutionPass.GradInput => "input gradients of convolutions, dense and sparse",
        _ => "weight gradients of convolutions, dense and sparse",
    };

    public override void Run(BenchmarkRun run)
    {
        var library = OneDnnConvolution.Library.TryLoad();
        foreach (var layer in layers(run).Where(layer => run.Includes(layer.ToString(), isQuick: true)))
        {
            using var operands = new ConvolutionOperands(layer);
            ConvolutionEntrant[] entrants =
            [
                .. ConvolutionMask.Of(layer.Shape)
                    .Where(mask => pass != ConvolutionPass.GradInput || layer.Shape.Inputs > 3)
                    .Select(mask => new ConvolutionEntrant(operands, pass, mask)),
            ];
            foreach (var threads in entrants.Length == 0 ? [] : run.ThreadCounts)
                Measure(run, operands, entrants, library, threads);
            foreach (var entrant in entrants)
                entrant.Dispose();
        }
    }

    private void Measure(
        BenchmarkRun run, ConvolutionOperands operands, ConvolutionEntrant[] entrants, OneDnnConvolution.Library? library, int threads)
    {
        run.UseThreads(threads);
        using var peer = library is null ? null : new OneDnnConvolution(library, operands.Layer.Shape, operands.Layer.Samples);
        peer?.Import(operands.Images, operands.ToTorch(operands.Weight), operands.Gradients);
        var error = entrants[0].ErrorOf(peer);
        List<Contender> contenders = [.. entrants.Select(entrant => new Contender(entrant.Mask.Name, entrant.Run))];
        if (peer is not null)
            contenders.Add(new("oneDNN", () => RunPeer(peer)));
        var times = Interleaved.Measure(contenders, run.Effort, threads);
        for (var i = 0; i < entrants.Length; i++)
        {
            run.Add(
                new BenchmarkRow(Name, entrants[i].Mask.Name, operands.Layer.ToString(), threads, times[i])
                {
                    Density = entrants[i].Density,
                    Peer = peer is null ? null : new PeerTime("oneDNN", times[^1]),
                    OwnDenseMs = times[0],
                    MaxRelErr = i == 0 ? error : null,
                },
                Tolerance);
        }
    }

    private void RunPeer(OneDnnConvolution peer)
    {
        switch (pass)
        {
            case ConvolutionPass.Forward: peer.Forward(); break;
            case ConvolutionPass.GradInput: peer.GradInput(); break;
            default: peer.GradWeight(); break;
        }
    }
}
