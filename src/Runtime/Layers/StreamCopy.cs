using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>The weights of a layer as kernels for a few samples read them: made when they are asked for, and again after the weights have changed.</summary>
/// <param name="layer">Whose weights they are.</param>
internal sealed class StreamCopy(Linear layer) : IDisposable
{
    private readonly Lock _lock = new();
    private WeightStream? _stream;
    private volatile bool _isCurrent;

    /// <summary>The weights, after <see cref="Prepare"/>.</summary>
    public WeightStream Stream => _stream!;

    /// <summary>Makes them, if there are none yet or others have taken their place.</summary>
    public void Prepare()
    {
        if (_isCurrent)
            return;
        lock (_lock)
        {
            if (_isCurrent)
                return;
            using var weight = new NativeBuffer<float>((long)layer.Inputs * layer.Outputs);
            layer.CopyEffectiveWeight(weight.Span);
            _stream ??= layer.Operations.SmallBatch!.MakeStream(layer);
            _stream.Fill(layer, weight.Span);
            _isCurrent = true;
        }
    }

    /// <summary>Says that the weights in use have changed.</summary>
    public void Leave() => _isCurrent = false;

    public void Dispose() => _stream?.Dispose();
}
