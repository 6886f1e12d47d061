using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>Samples and targets of one batch in buffers that are used again for the next one.</summary>
public sealed unsafe class Batch : IDisposable
{
    private readonly NativeBuffer<float> _inputs;
    private readonly NativeBuffer<float> _targets;
    private readonly NativeBuffer<int> _labels;

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
        _inputs = new NativeBuffer<float>((long)capacity * features);
        _targets = new NativeBuffer<float>((long)capacity * targetFeatures);
        _labels = new NativeBuffer<int>(targetFeatures == 0 ? capacity : 0);
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
    public Span<float> Inputs => _inputs.Span[..(Count * Features)];

    /// <summary>Class labels of the samples in use, empty if the targets are values.</summary>
    public Span<int> Labels => TargetFeatures == 0 ? _labels.Span[..Count] : [];

    /// <summary>Target values of the samples in use, row-major <c>[Count, TargetFeatures]</c>, empty if the targets are labels.</summary>
    public Span<float> Targets => _targets.Span[..(Count * TargetFeatures)];

    internal float* InputPointer => _inputs.Pointer;

    internal float* TargetPointer => _targets.Pointer;

    internal int* LabelPointer => _labels.Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
        _labels.Dispose();
    }
}
