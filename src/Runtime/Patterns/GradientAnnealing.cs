using System.Globalization;
using SparseSharp.Patterns;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// How masked weights of a layer learn less and less while it is trained (AutoSparse, Kundu et al., 2023), and the thresholds that mask
/// them, if those are learned.
/// </summary>
public sealed record GradientAnnealing
{
    /// <inheritdoc cref="GradientAnnealAttribute.Alpha"/>
    public double Alpha { get; init; } = AnnealSettings.DefaultAlpha;

    /// <inheritdoc cref="GradientAnnealAttribute.Schedule"/>
    public AnnealSchedule Schedule { get; init; }

    /// <inheritdoc cref="GradientAnnealAttribute.HardZero"/>
    public double HardZero { get; init; } = AnnealSettings.DefaultHardZero;

    /// <inheritdoc cref="GradientAnnealAttribute.PerStep"/>
    public bool PerStep { get; init; }

    /// <inheritdoc cref="GradientAnnealAttribute.AfterZero"/>
    public AfterZero AfterZero { get; init; }

    /// <inheritdoc cref="GradientAnnealAttribute.AutoTune"/>
    public bool AutoTune { get; init; }

    /// <inheritdoc cref="GradientAnnealAttribute.BackwardDensity"/>
    public double BackwardDensity { get; init; } = 1;

    /// <inheritdoc cref="GradientAnnealAttribute.Threshold"/>
    public ThresholdScope Threshold { get; init; }

    /// <inheritdoc cref="GradientAnnealAttribute.InitialThreshold"/>
    public double InitialThreshold { get; init; } = AnnealSettings.DefaultThreshold;

    /// <inheritdoc cref="GradientAnnealAttribute.ThresholdRate"/>
    public double ThresholdRate { get; init; } = 1;

    /// <summary>The share of the gradient that masked weights get in an epoch, or a step, of a training.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="count">Epochs, or steps, of the whole training; at least 1.</param>
    public double AlphaAt(long index, long count) => AlphaAt(Alpha, index, count, tuned: 0);

    /// <summary>
    /// As above, after some epochs (or steps) in which the share was tuned: the curve begins behind them, and ends where it ends anyway.
    /// </summary>
    /// <param name="start">The share at the start of the curve.</param>
    /// <param name="index">The epoch or step, from 0.</param>
    /// <param name="count">Epochs, or steps, of the whole training.</param>
    /// <param name="tuned">Those that tune.</param>
    internal double AlphaAt(double start, long index, long count, long tuned)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (IsZero(index, count))
            return 0;
        return index < tuned ? start : start * AnnealCurve.Factor(Schedule, (double)(index - tuned) / (count - tuned));
    }

    /// <summary>Whether the share is exactly 0 for good.</summary>
    internal bool IsZero(long index, long count) => index >= AnnealCurve.ZeroFrom(HardZero, count);

    /// <summary>All settings, in words that are the same everywhere.</summary>
    internal string Identity => string.Create(
        CultureInfo.InvariantCulture,
        $"alpha {Alpha:R} {Schedule} to {HardZero:R}{(PerStep ? " per step" : "")}, then {AfterZero}, tuned {AutoTune}, backward {BackwardDensity:R}, {Threshold} from {InitialThreshold:R} at rate {ThresholdRate:R}");

    internal void Check()
    {
        if (!AnnealSettings.IsShare(Alpha))
            throw new ArgumentException($"{nameof(Alpha)} is {Alpha}; it is a share of the gradient, from 0 to 1.");
        if (!AnnealSettings.IsPositiveShare(HardZero))
            throw new ArgumentException($"{nameof(HardZero)} is {HardZero}; it is a part of the training, greater than 0 and at most 1.");
        if (!AnnealSettings.IsPositiveShare(BackwardDensity))
            throw new ArgumentException(
                $"{nameof(BackwardDensity)} is {BackwardDensity}; it is a part of the weights, greater than 0 and at most 1.");
        if (!AnnealSettings.IsThreshold(InitialThreshold))
            throw new ArgumentException($"{nameof(InitialThreshold)} is {InitialThreshold}; beyond {AnnealSettings.LargestThreshold} on either side a threshold never moves.");
        if (!AnnealSettings.IsRate(ThresholdRate))
            throw new ArgumentException(
                $"{nameof(ThresholdRate)} is {ThresholdRate}; it is a factor of the learning rate, greater than 0.");
    }
}
