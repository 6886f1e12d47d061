using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>Samples and targets of one batch in buffers that are used again for the next one.</summary>
/// <remarks>
/// Spans stay valid as long as somebody holds them. After <see cref="Dispose"/> everything else throws
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed unsafe class Batch : IDisposable
{
    private readonly PinnedBuffer<float> _inputs;
    private readonly PinnedBuffer<float> _targets;
    private readonly PinnedBuffer<int> _labels;
    private readonly Lifetime _lifetime = new(nameof(Batch), layers: 0);

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Most samples.</param>
    /// <param name="features">Features of a sample.</param>
    /// <param name="targetFeatures">Values per target, or 0 if the targets are class labels.</param>
    public Batch(int capacity, int features, int targetFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(targetFeatures);
        Capacity = capacity;
        Features = features;
        TargetFeatures = targetFeatures;
        _inputs = new PinnedBuffer<float>((long)capacity * features);
        _targets = new PinnedBuffer<float>((long)capacity * targetFeatures);
        _labels = new PinnedBuffer<int>(targetFeatures == 0 ? capacity : 0);
    }

    /// <summary>Most samples.</summary>
    public int Capacity { get; }

    /// <summary>Samples in use; the first ones of the buffers.</summary>
    public int Count
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Capacity);
            field = value;
        }
    }

    /// <summary>Features of a sample.</summary>
    public int Features { get; }

    /// <summary>Values per target, or 0 if the targets are class labels.</summary>
    public int TargetFeatures { get; }

    /// <summary>Samples in use, row-major <c>[Count, Features]</c>.</summary>
    public Span<float> Inputs => Used(_inputs, Features);

    /// <summary>Class labels of the samples in use, empty if the targets are values.</summary>
    public Span<int> Labels => Used(_labels, TargetFeatures == 0 ? 1 : 0);

    /// <summary>Target values of the samples in use, row-major <c>[Count, TargetFeatures]</c>, empty if the targets are labels.</summary>
    public Span<float> Targets => Used(_targets, TargetFeatures);

    internal float* InputPointer => _inputs.Pointer;

    internal float* TargetPointer => _targets.Pointer;

    internal int* LabelPointer => _labels.Pointer;

    /// <summary>Frees the buffers as soon as no step reads them any more.</summary>
    public void Dispose() => _lifetime.Close(new Memory(this));

    /// <summary>Keeps the buffers for as long as pointers to them are in use.</summary>
    /// <exception cref="ObjectDisposedException">The batch is disposed.</exception>
    internal Lifetime.Scope Use() => _lifetime.Use();

    private Span<T> Used<T>(PinnedBuffer<T> buffer, int perSample)
        where T : unmanaged
    {
        _lifetime.ThrowIfClosed();
        return buffer.Span[..checked(Count * perSample)];
    }

    /// <summary>What <see cref="Dispose"/> frees.</summary>
    private sealed class Memory(Batch batch) : IDisposable
    {
        public void Dispose()
        {
            batch._inputs.Dispose();
            batch._targets.Dispose();
            batch._labels.Dispose();
        }
    }
}
