using System.Globalization;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// A training regime: how long a training is, and at which epochs or steps its learning rate changes. It is a schedule for
/// <see cref="TrainerOptions.Schedule"/>, and <see cref="ForBatch"/> adapts it to a large batch (Hoffer, Hubara and Soudry, "Train longer,
/// generalize better", 2017). Immutable.
/// </summary>
/// <remarks>
/// The authors multiply the learning rates of the regime that all runs share, and a second adaptation squares the factor. Here a regime
/// keeps the one that it was adapted from, and <see cref="ForBatch"/> always begins with that: the last call alone counts.
/// </remarks>
public sealed class Regime : LearningRateSchedule
{
    private readonly RegimePhase[] _phases;
    private readonly Regime? _original;

    private Regime(long length, bool isInSteps, ReadOnlySpan<RegimePhase> phases)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, isInSteps ? "steps" : "epochs");
        (Length, IsInSteps) = (length, isInSteps);
        _phases = [new(0, 1), .. phases];
        for (var i = 1; i < _phases.Length; i++)
        {
            Ranges.PositiveSingle(_phases[i].Factor, nameof(phases));
            if (_phases[i].Start <= _phases[i - 1].Start || _phases[i].Start >= length)
            {
                throw new ArgumentException(
                    $"A phase from {Unit} {_phases[i].Start} on does not fit: phases begin after {_phases[i - 1].Start}, where the one "
                    + $"before begins, and before the end of the regime at {length}.",
                    nameof(phases));
            }
        }
    }

    private Regime(Regime original, double scale, long stretch)
        : this(checked(original.Length * stretch), original.IsInSteps, [])
    {
        _original = original;
        _phases = [.. original._phases.Select(phase => new RegimePhase(checked(phase.Start * stretch), phase.Factor * scale))];
    }

    /// <summary>Whether phases and length are counted in optimizer steps, else in epochs.</summary>
    public bool IsInSteps { get; }

    /// <summary>Length of the training in epochs or steps.</summary>
    public long Length { get; }

    /// <summary>The phases in order; the first one begins at 0.</summary>
    public IReadOnlyList<RegimePhase> Phases => _phases;

    /// <inheritdoc/>
    public override bool NeedsTotal => false;

    /// <inheritdoc/>
    public override bool NeedsEpochs => !IsInSteps;

    private string Unit => IsInSteps ? "step" : "epoch";

    /// <summary>Makes a regime whose phases begin at epochs.</summary>
    /// <param name="epochs">Epochs of the training, at least 1.</param>
    /// <param name="phases">
    /// What follows the first phase, whose factor is 1: in ascending order, each with its factor on the learning rate of the optimizer.
    /// </param>
    /// <exception cref="ArgumentException">A phase is out of order or behind the end, or a factor is not greater than 0.</exception>
    public static Regime InEpochs(int epochs, params ReadOnlySpan<RegimePhase> phases) => new(epochs, isInSteps: false, phases);

    /// <summary>
    /// Makes a regime whose phases begin at optimizer steps. It keeps the number of updates for every batch size exactly, also where an
    /// epoch has no whole number of batches.
    /// </summary>
    /// <param name="steps">Optimizer steps of the training, at least 1: give them to <see cref="TrainerOptions.MaxSteps"/> as well.</param>
    /// <param name="phases">As for <see cref="InEpochs"/>.</param>
    /// <exception cref="ArgumentException">A phase is out of order or behind the end, or a factor is not greater than 0.</exception>
    public static Regime InSteps(long steps, params ReadOnlySpan<RegimePhase> phases) => new(steps, isInSteps: true, phases);

    /// <summary>
    /// The regime for a larger batch. Of a regime that was adapted before, it adapts the original: adapting twice is adapting once.
    /// </summary>
    /// <param name="batchSize">
    /// Samples of an update, at least 1: the batch size times <see cref="TrainerOptions.AccumulationSteps"/>.
    /// </param>
    /// <param name="reference">Samples of an update for which the original was made.</param>
    /// <param name="scaleLearningRate">
    /// Whether to multiply the learning rate by <c>sqrt(batchSize / reference)</c>, which keeps the covariance of the updates.
    /// </param>
    /// <param name="adaptEpochs">
    /// Whether to multiply all epochs by <c>ceil(batchSize / reference)</c>, which keeps the number of updates (regime adaptation). A
    /// regime in steps keeps it anyway.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number of samples is less than 1.</exception>
    /// <exception cref="OverflowException">There would be too many epochs to count.</exception>
    public Regime ForBatch(int batchSize, int reference = 128, bool scaleLearningRate = true, bool adaptEpochs = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(reference, 1);
        return new(
            _original ?? this,
            scaleLearningRate ? Math.Sqrt((double)batchSize / reference) : 1,
            adaptEpochs && !IsInSteps ? ((batchSize - 1) / reference) + 1 : 1);
    }

    /// <summary>
    /// Epochs of a training by this regime: the number for <see cref="Trainer{TModel}.Train"/>. A regime in steps has enough of them, and
    /// <see cref="TrainerOptions.MaxSteps"/> ends the last one.
    /// </summary>
    /// <param name="samples">Training samples.</param>
    /// <param name="batchSize">Samples of an update.</param>
    /// <exception cref="OverflowException">There are more epochs than anyone trains.</exception>
    public int EpochsOf(int samples, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (!IsInSteps)
            return checked((int)Length);
        var perEpoch = Math.Max(1, samples / batchSize);
        return checked((int)(((Length - 1) / perEpoch) + 1));
    }

    /// <inheritdoc/>
    public override double Factor(long step, long totalSteps) => IsInSteps
        ? FactorAt(step)
        : throw new InvalidOperationException($"{this} counts epochs, and nobody has told it how many steps an epoch has.");

    /// <inheritdoc/>
    public override double Factor(long step, long totalSteps, long epochSteps)
    {
        if (IsInSteps)
            return FactorAt(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochSteps, 1);
        return FactorAt(step / epochSteps);
    }

    /// <summary>For example <c>Regime(200 epochs: 1, 0.1 from 81, 0.01 from 122)</c>.</summary>
    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        var later = _phases.Skip(1).Select(phase => string.Create(culture, $", {phase.Factor} from {phase.Start}"));
        return string.Create(culture, $"Regime({Length} {Unit}s: {_phases[0].Factor}{string.Concat(later)})");
    }

    private double FactorAt(long place)
    {
        var phase = _phases.Length - 1;
        while (_phases[phase].Start > place)
            phase--;
        return _phases[phase].Factor;
    }
}

/// <summary>A phase of a <see cref="Regime"/>.</summary>
/// <param name="Start">The epoch or step that it begins with, from 0.</param>
/// <param name="Factor">Factor on the learning rate of the optimizer, greater than 0.</param>
public readonly record struct RegimePhase(long Start, double Factor);
