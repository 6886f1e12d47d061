using SparseSharp.Benchmarks.Peers.Onnx;
using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.WholeNetworks;

/// <summary>A network whose predictions are measured, whatever its class.</summary>
internal interface INetwork : IDisposable
{
    /// <summary>As the row shows it.</summary>
    string Kernel { get; }

    /// <summary>Kept share of the weights of the sparse layers.</summary>
    double Density { get; }

    /// <summary>A prediction of the batch.</summary>
    void Predict();

    /// <summary>Largest difference of a prediction from that of ONNX Runtime with the same weights, over its largest value.</summary>
    double Error();

    /// <summary>The network in ONNX Runtime, with the same weights.</summary>
    OnnxRuntimeNetwork ToOnnx(int threads);
}

/// <summary>A network of a class, with weights that keep the size of values from layer to layer.</summary>
internal sealed class Network<TModel> : INetwork
    where TModel : class, ISparseModel<TModel>
{
    private readonly TModel _model = TModel.Create(1);
    private readonly Predictor<TModel> _predictor;
    private readonly NetworkShape _shape;
    private readonly float[] _images;
    private readonly float[] _outputs;

    /// <param name="kernel">As the row shows it.</param>
    /// <param name="shape">The network and its batch.</param>
    /// <param name="images">The batch.</param>
    public Network(string kernel, NetworkShape shape, float[] images)
    {
        (Kernel, _shape, _images) = (kernel, shape, images);
        _predictor = new(_model);
        _outputs = new float[shape.Samples * shape.Classes];
        foreach (var (index, layer) in _model.Layers.Index())
        {
            if (layer is BatchNorm2d normalisation)
                Vary(normalisation, (uint)index);
        }
    }

    public string Kernel { get; }

    public double Density => NetworkDensity.Of(_model);

    public void Predict() => _predictor.Predict(_images, _outputs);

    public double Error()
    {
        using var onnx = ToOnnx(threads: Environment.ProcessorCount);
        onnx.Run();
        Predict();
        var (error, largest) = (0f, 0f);
        for (var i = 0; i < _outputs.Length; i++)
        {
            error = Math.Max(error, Math.Abs(_outputs[i] - onnx.Values[i]));
            largest = Math.Max(largest, Math.Abs(onnx.Values[i]));
        }
        return error / largest;
    }

    public OnnxRuntimeNetwork ToOnnx(int threads)
    {
        var graph = new OnnxGraph(TModel.Descriptor.Layers.Zip(_model.Layers).ToDictionary(pair => pair.First.Path, pair => pair.Second));
        return new(graph.ToFile(_shape.Graph(graph), _shape.Dimensions), _images, _shape.Dimensions, _shape.Classes, threads);
    }

    public void Dispose()
    {
        _predictor.Dispose();
        (_model as IDisposable)?.Dispose();
    }

    /// <summary>
    /// Fresh weights of a convolution behind ReLU have outputs of a sixth of the variance of its inputs: with that as the running variance
    /// values neither grow nor vanish. Everything else is random, so that it counts in the comparison.
    /// </summary>
    private static void Vary(BatchNorm2d layer, uint stream)
    {
        var (mean, variance, weight, bias) = (Draw(1, 0, 0.1f), Draw(2, 1 / 6f, 0.05f), Draw(3, 1, 0.2f), Draw(4, 0, 0.1f));
        layer.SetRunningStatistics(mean, variance);
        layer.SetWeight(weight);
        layer.SetBias(bias);

        float[] Draw(ulong seed, float centre, float radius)
        {
            var values = new float[layer.Features];
            KaimingUniform.Fill(values, radius, seed, stream);
            return Array.ConvertAll(values, value => centre + value);
        }
    }
}
