using System.ComponentModel;
using SparseSharp.Normalisation;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// A batch normalisation as passes take it: what it learns, its running statistics, and for predictions the factor and the term that
/// follow from both.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class BatchNormalisation
{
    private readonly Lock _lock = new();
    private readonly float[] _scale;
    private readonly float[] _shift;
    private int _changes;
    private volatile int _madeOf = -1;

    /// <param name="channels">Channels, or features.</param>
    /// <param name="options">What the attribute says.</param>
    internal BatchNormalisation(int channels, BatchNormOptions options)
    {
        (Channels, Options) = (channels, options);
        Running = new RunningStatistics(channels, options);
        if (options.Affine)
        {
            Weight = new Parameter("weight", new PinnedBuffer<float>(channels), decays: false);
            Bias = new Parameter("bias", new PinnedBuffer<float>(channels), decays: false);
            Weight.Values.Fill(1);
        }
        (_scale, _shift) = (new float[channels], new float[channels]);
    }

    internal int Channels { get; }

    internal BatchNormOptions Options { get; }

    /// <summary>The learned factors; null where there are none.</summary>
    internal Parameter? Weight { get; }

    /// <summary>The learned terms; null where there are none.</summary>
    internal Parameter? Bias { get; }

    internal RunningStatistics Running { get; }

    /// <summary>Whether the layer stays as it is: it normalises by its running statistics then.</summary>
    internal bool IsFrozen { get; set; }

    /// <summary>In predictions the factor of each channel, after <see cref="Prepare"/>.</summary>
    internal ReadOnlySpan<float> Scale => _scale;

    /// <summary>In predictions what is added to each channel, after <see cref="Prepare"/>.</summary>
    internal ReadOnlySpan<float> Shift => _shift;

    private bool IsRange => Options.Range != RangeNorm.None;

    /// <summary>The inverse of what centered values are divided by.</summary>
    /// <param name="variance">Their variance; with a range the scale in its place.</param>
    internal double Inverse(double variance) => 1 / (IsRange ? variance + Options.Epsilon : Math.Sqrt(variance + Options.Epsilon));

    /// <summary>The learned factor of a channel.</summary>
    internal float Factor(int channel) => Weight is { } weight ? weight.Values[channel] : 1;

    /// <summary>The learned term of a channel.</summary>
    internal float Term(int channel) => Bias is { } bias ? bias.Values[channel] : 0;

    /// <summary>Notes that factors, terms or running statistics have changed.</summary>
    internal void NoteChange() => Interlocked.Increment(ref _changes);

    /// <summary>Takes over the statistics of the batches of a step.</summary>
    internal void AcceptStatistics()
    {
        if (Running.Accept())
            NoteChange();
    }

    /// <summary>Brings what predictions multiply and add up to date.</summary>
    internal void Prepare()
    {
        if (_madeOf == Volatile.Read(ref _changes))
            return;
        lock (_lock)
        {
            var changes = Volatile.Read(ref _changes);
            var means = Running.Mean.Span;
            var variances = Running.Variance.Span;
            for (var channel = 0; channel < Channels; channel++)
            {
                var scale = Factor(channel) * Inverse(variances[channel]);
                _scale[channel] = (float)scale;
                _shift[channel] = (float)(Term(channel) - (means[channel] * scale));
            }
            _madeOf = changes;
        }
    }
}
