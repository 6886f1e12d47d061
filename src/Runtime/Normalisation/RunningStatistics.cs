using SparseSharp.Numerics;

namespace SparseSharp.Normalisation;

/// <summary>
/// Means and variances over the batches of a training, by which predictions normalise. What the batches of a step add waits beside them
/// until the step counts.
/// </summary>
/// <remarks>Members of a team own channels: what waits for a channel is touched by one member alone.</remarks>
internal sealed class RunningStatistics
{
    private readonly double _momentum;
    private readonly float[] _means;
    private readonly float[] _variances;
    private readonly long[] _batches;
    private volatile bool _isWaiting;

    /// <param name="channels">Channels.</param>
    /// <param name="options">How batches are weighted.</param>
    public RunningStatistics(int channels, BatchNormOptions options)
    {
        (_momentum, IsCumulative) = (options.Momentum, options.Cumulative);
        Mean = new PinnedBuffer<float>(channels);
        Variance = new PinnedBuffer<float>(channels);
        Reset();
        (_means, _variances, _batches) = (new float[channels], new float[channels], new long[channels]);
    }

    /// <summary>The mean of each channel.</summary>
    public PinnedBuffer<float> Mean { get; }

    /// <summary>The unbiased variance of each channel; with a range the scale in its place.</summary>
    public PinnedBuffer<float> Variance { get; }

    /// <summary>Whether all batches so far have the same weight.</summary>
    public bool IsCumulative { get; set; }

    /// <summary>Batches so far, ghost batches each for itself.</summary>
    public long Batches { get; set; }

    /// <summary>Whether all that waits is finite.</summary>
    public bool IsFinite => !_isWaiting || (FiniteValues.Are(_means) && FiniteValues.Are(_variances));

    /// <summary>Begins a step for a channel: what waited for it is dropped.</summary>
    public void Begin(int channel)
    {
        (_means[channel], _variances[channel], _batches[channel]) = (Mean.Span[channel], Variance.Span[channel], Batches);
        _isWaiting = true;
    }

    /// <summary>Drops what waits.</summary>
    public void Drop() => _isWaiting = false;

    /// <summary>Makes everything what it is before the first batch.</summary>
    public void Reset()
    {
        Mean.Span.Clear();
        Variance.Span.Fill(1);
        Batches = 0;
        Drop();
    }

    /// <summary>Adds a batch to what waits for a channel.</summary>
    public void Add(int channel, double mean, double variance)
    {
        _batches[channel]++;
        var weight = IsCumulative ? 1.0 / _batches[channel] : _momentum;
        _means[channel] = (float)(((1 - weight) * _means[channel]) + (weight * mean));
        _variances[channel] = (float)(((1 - weight) * _variances[channel]) + (weight * variance));
    }

    /// <summary>Takes over what waits.</summary>
    /// <returns>Whether there was something.</returns>
    public bool Accept()
    {
        if (!_isWaiting)
            return false;
        _means.CopyTo(Mean.Span);
        _variances.CopyTo(Variance.Span);
        Batches = _batches[0];
        _isWaiting = false;
        return true;
    }
}
