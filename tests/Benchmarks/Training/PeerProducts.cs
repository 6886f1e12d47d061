using SparseSharp.Benchmarks.Peers;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Training;

/// <summary>
/// The eight matrix products of a step of a network with three layers, and nothing else of it: what a library at least takes for a step.
/// </summary>
internal sealed unsafe class PeerProducts : IDisposable
{
    private readonly int _batch;
    private readonly int[] _features;
    private readonly PinnedBuffer<float>[] _values;
    private readonly PinnedBuffer<float>[] _valueGradients;
    private readonly PinnedBuffer<float>[] _weights;
    private readonly PinnedBuffer<float>[] _weightGradients;

    /// <param name="batch">Samples.</param>
    /// <param name="features">Features of the input and of each layer's output.</param>
    public PeerProducts(int batch, params int[] features)
    {
        _batch = batch;
        _features = features;
        _values = [.. features.Select(count => Random(batch * count))];
        _valueGradients = [.. features.Select(count => Random(batch * count))];
        _weights = [.. features.Skip(1).Zip(features, (outputs, inputs) => Random(outputs * inputs))];
        _weightGradients = [.. features.Skip(1).Zip(features, (outputs, inputs) => Random(outputs * inputs))];
    }

    /// <summary>Forward and grad weight of every layer, grad input of all but the first.</summary>
    public void Run(MatrixLibrary library)
    {
        for (var i = 0; i < _weights.Length; i++)
            library.Forward(_values[i].Pointer, _weights[i].Pointer, _values[i + 1].Pointer, _batch, _features[i], _features[i + 1]);
        for (var i = _weights.Length - 1; i >= 0; i--)
        {
            if (i > 0)
                library.GradInput(
                    _valueGradients[i + 1].Pointer, _weights[i].Pointer, _valueGradients[i].Pointer, _batch, _features[i],
                    _features[i + 1]);
            library.GradWeight(
                _valueGradients[i + 1].Pointer, _values[i].Pointer, _weightGradients[i].Pointer, _batch, _features[i], _features[i + 1]);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _values.Concat(_valueGradients).Concat(_weights).Concat(_weightGradients))
            buffer.Dispose();
    }

    /// <summary>
    /// Values of about the size that a freshly initialised network has: they must not grow or vanish from layer to layer.
    /// </summary>
    private static PinnedBuffer<float> Random(int count)
    {
        var buffer = new PinnedBuffer<float>(count);
        KaimingUniform.Fill(buffer.Span, 0.05f, seed: 3, stream: 0);
        return buffer;
    }
}
