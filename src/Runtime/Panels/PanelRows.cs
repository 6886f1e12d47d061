using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp;

/// <summary>
/// A value of a model for some samples, as an <see cref="OperationAttribute">operation</see> of the user sees it: a row per feature, and in
/// it a number per sample. There is no padding in it.
/// </summary>
/// <remarks>
/// One call of an operation gets some samples of a batch, for all values the same ones. What it computes for a sample must not depend on
/// the others: how a batch is cut depends on the processor and on the size of the batch.
/// </remarks>
public readonly ref struct PanelRows
{
    private readonly ref float _first;
    private readonly nint _stride;

    /// <param name="first">The first sample of the first feature.</param>
    /// <param name="stride">From a feature to the next.</param>
    /// <param name="features">Features.</param>
    /// <param name="samples">Samples.</param>
    internal PanelRows(ref float first, nint stride, int features, int samples)
    {
        _first = ref first;
        _stride = stride;
        Features = features;
        Samples = samples;
    }

    /// <summary>Features of the value: its rows.</summary>
    public int Features { get; }

    /// <summary>Samples: the length of each row.</summary>
    public int Samples { get; }

    /// <summary>A feature of all samples.</summary>
    /// <param name="feature">From 0 on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such feature.</exception>
    public Span<float> this[int feature]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(feature);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(feature, Features);
            return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _first, feature * _stride), Samples);
        }
    }

    /// <summary>A feature of a sample.</summary>
    /// <param name="feature">From 0 on.</param>
    /// <param name="sample">From 0 on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such feature or no such sample.</exception>
    public ref float this[int feature, int sample]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(feature);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(feature, Features);
            ArgumentOutOfRangeException.ThrowIfNegative(sample);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Samples);
            return ref Unsafe.Add(ref _first, (feature * _stride) + sample);
        }
    }
}
