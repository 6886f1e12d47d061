using System.ComponentModel;
using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>What batch normalisations of images and of features have in common. Generated code makes layers.</summary>
/// <remarks>
/// Factors and terms have no weight decay. A frozen layer normalises by its running statistics, and leaves them as they are. The running
/// statistics change with the update of a step: a step that is taken back leaves no trace.
/// </remarks>
public abstract class BatchNorm : Layer
{
    private readonly LearnedVector? _weight;
    private readonly LearnedVector? _bias;
    private readonly LayerBuffer _mean;
    private readonly LayerBuffer _variance;

    private protected BatchNorm(string kind, int features, BatchNormOptions options, ulong seed, int stream)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        options.Check();
        Normalisation = new BatchNormalisation(features, options);
        if (Normalisation is { Weight: { } weight, Bias: { } bias })
        {
            (_weight, _bias) =
                (new LearnedVector(weight, Normalisation.NoteChange), new LearnedVector(bias, Normalisation.NoteChange));
            if (options.Range != RangeNorm.None)
                FillUniform(weight.Values, seed, stream);
        }
        _mean = new LayerBuffer("running_mean", Normalisation.Running.Mean, Normalisation.NoteChange);
        _variance = new LayerBuffer("running_var", Normalisation.Running.Variance, Normalisation.NoteChange) { Least = 0 };
        var running = Normalisation.Running;
        var batches = new LayerCounter("num_batches_tracked", () => running.Batches, value => running.Batches = value);
        Parts = new LayerParts(kind, [], _weight is null ? [] : [_weight, _bias!], [_mean, _variance], [batches])
        {
            Statistics = Normalisation,
        };
    }

    /// <summary>Channels of images, or features.</summary>
    public int Features => Normalisation.Channels;

    /// <summary>What the attribute says.</summary>
    public BatchNormOptions Options => Normalisation.Options;

    /// <summary>The factors, empty if there are none.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Weight => LayerVectors.Read(Lifetime, _weight);

    /// <summary>The terms, empty if there are none.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Bias => LayerVectors.Read(Lifetime, _bias);

    /// <summary>The mean of each channel over the batches of trainings; 0 at first.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> RunningMean => LayerVectors.Read(Lifetime, _mean);

    /// <summary>
    /// The unbiased variance of each channel over the batches of trainings; 1 at first. With a range it is the scale by which values are
    /// divided.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> RunningVariance => LayerVectors.Read(Lifetime, _variance);

    /// <summary>Batches that the running statistics have seen, ghost batches each for itself.</summary>
    public long BatchesTracked => Normalisation.Running.Batches;

    internal override LayerParts Parts { get; }

    internal override string Identity => string.Create(
        CultureInfo.InvariantCulture,
        $"{Features} features, {Running}, epsilon {Options.Epsilon}, {Words(Options)}{Range}");

    /// <summary>The layer as passes take it.</summary>
    internal BatchNormalisation Normalisation { get; }

    private string Running => Options.Cumulative ? "cumulative" : string.Create(CultureInfo.InvariantCulture, $"momentum {Options.Momentum}");

    private string Range => Options.Range == RangeNorm.None ? "" : $", range of the {Options.Range}";

    private Lifetime Lifetime => Parts.Lifetime;

    /// <summary>The layer as passes take it.</summary>
    /// <param name="layer">The layer.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static implicit operator BatchNormalisation(BatchNorm layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Normalisation;
    }

    /// <summary>Brings what predictions compute with up to date, for the passes of a model.</summary>
    /// <param name="training">Whether weight gradients follow.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Prepare(bool training) => Normalisation.Prepare();

    /// <summary>Replaces the factors.</summary>
    /// <param name="weight">A finite value for each channel.</param>
    /// <exception cref="InvalidOperationException">The layer has no factors.</exception>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public void SetWeight(ReadOnlySpan<float> weight) => LayerVectors.Set(Lifetime, _weight, weight);

    /// <summary>Replaces the terms.</summary>
    /// <param name="bias">A finite value for each channel.</param>
    /// <exception cref="InvalidOperationException">The layer has no terms.</exception>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public void SetBias(ReadOnlySpan<float> bias) => LayerVectors.Set(Lifetime, _bias, bias);

    /// <summary>Replaces the running statistics.</summary>
    /// <param name="mean">A finite value for each channel.</param>
    /// <param name="variance">A finite value from 0 on for each channel.</param>
    /// <exception cref="ArgumentException">A number of values is another one, or a value cannot be; nothing has changed.</exception>
    public void SetRunningStatistics(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        using var scope = Lifetime.Change();
        float[] before = [.. _mean.Values];
        _mean.Set(mean);
        try
        {
            _variance.Set(variance);
        }
        catch (ArgumentException)
        {
            _mean.Set(before);
            throw;
        }
    }

    /// <summary>For example <c>64 features, ghost batches of 128</c>.</summary>
    public override string ToString() => $"{Features} features, {Words(Options)}{Range}";

    private static string Words(BatchNormOptions options) =>
        (options.Ghost > 0 ? string.Create(CultureInfo.InvariantCulture, $"ghost batches of {options.Ghost}") : "whole batches")
        + (options.Affine ? "" : ", no factors");

    private static void FillUniform(Span<float> values, ulong seed, int stream)
    {
        KaimingUniform.Fill(values, 0.5f, seed, (uint)stream);
        foreach (ref var value in values)
            value += 0.5f;
    }
}
