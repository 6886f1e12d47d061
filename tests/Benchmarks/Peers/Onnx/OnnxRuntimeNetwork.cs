using Microsoft.ML.OnnxRuntime;

namespace SparseSharp.Benchmarks.Peers.Onnx;

/// <summary>A network in ONNX Runtime, with memory of its own for a batch.</summary>
internal sealed class OnnxRuntimeNetwork : IDisposable
{
    public const string Name = "ONNX Runtime";

    private static readonly string[] _inputs = [OnnxGraph.Input];
    private static readonly string[] _outputs = [OnnxGraph.Output];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtValue[] _in;
    private readonly OrtValue[] _out;
    private readonly float[] _values;

    /// <param name="file">The network.</param>
    /// <param name="images">Inputs, row-major.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="outputs">Features of an output.</param>
    /// <param name="threads">Threads of a prediction.</param>
    public OnnxRuntimeNetwork(byte[] file, float[] images, int[] shape, int outputs, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new(file, options);
        _values = new float[shape[0] * outputs];
        _in = [OrtValue.CreateTensorValueFromMemory(images, Array.ConvertAll(shape, dimension => (long)dimension))];
        _out = [OrtValue.CreateTensorValueFromMemory(_values, [shape[0], outputs])];
    }

    /// <summary>The outputs of the last prediction.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>A prediction.</summary>
    public void Run() => _session.Run(_run, _inputs, _in, _outputs, _out);

    public void Dispose()
    {
        _in[0].Dispose();
        _out[0].Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}
