using System.Globalization;
using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// A factor on the base learning rate: a pure function of the optimizer step, the number of steps of the whole training, and for some
/// schedules of the number of steps of an epoch. A <see cref="Regime"/> changes it at epochs or steps that are listed.
/// </summary>
public abstract class LearningRateSchedule
{
    /// <summary>The base learning rate all the way.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>Multiplies the learning rate by a factor at regular intervals.</summary>
    /// <param name="every">Optimizer steps between two changes, at least 1.</param>
    /// <param name="factor">Factor of each change, greater than 0.</param>
    public static LearningRateSchedule Step(long every, double factor = 0.1) => new StepSchedule(every, factor);

    /// <summary>
    /// Half a cosine from the base learning rate to a floor at the end of the training (Loshchilov and Hutter, 2017, without restarts).
    /// </summary>
    /// <param name="floor">The last factor, between 0 and 1.</param>
    public static LearningRateSchedule Cosine(double floor = 0) => new CosineSchedule(floor);

    /// <summary>A linear rise from <c>1 / steps</c> to 1, after which another schedule takes the steps that are left as its own.</summary>
    /// <param name="steps">Optimizer steps of the rise, at least 1.</param>
    /// <param name="then">The schedule after the rise; constant if null.</param>
    public static LearningRateSchedule WarmUp(long steps, LearningRateSchedule? then = null) => new WarmUpSchedule(steps, then ?? Constant);

    /// <summary>Whether <see cref="Factor(long, long)"/> depends on the number of steps of the whole training.</summary>
    public abstract bool NeedsTotal { get; }

    /// <summary>Whether the factor depends on the number of steps of an epoch: a trainer asks the overload with it then.</summary>
    public virtual bool NeedsEpochs => false;

    /// <summary>The factor on the base learning rate.</summary>
    /// <param name="step">Optimizer steps done before this one, from 0.</param>
    /// <param name="totalSteps">Optimizer steps of the whole training; any number if <see cref="NeedsTotal"/> is false.</param>
    public abstract double Factor(long step, long totalSteps);

    /// <summary>The factor on the base learning rate, for schedules that count epochs; others do not look at their steps.</summary>
    /// <param name="step">Optimizer steps done before this one, from 0.</param>
    /// <param name="totalSteps">Optimizer steps of the whole training; any number if <see cref="NeedsTotal"/> is false.</param>
    /// <param name="epochSteps">Optimizer steps of an epoch; any number if <see cref="NeedsEpochs"/> is false.</param>
    public virtual double Factor(long step, long totalSteps, long epochSteps) => Factor(step, totalSteps);

    private sealed class ConstantSchedule : LearningRateSchedule
    {
        public override bool NeedsTotal => false;

        public override double Factor(long step, long totalSteps) => 1;

        public override string ToString() => "Constant";
    }

    private sealed class StepSchedule : LearningRateSchedule
    {
        private readonly long _every;
        private readonly double _factor;

        public StepSchedule(long every, double factor)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
            Ranges.Positive(factor);
            _every = every;
            _factor = factor;
        }

        public override bool NeedsTotal => false;

        public override double Factor(long step, long totalSteps) => Math.Pow(_factor, step / _every);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Step(every: {_every}, factor: {_factor})");
    }

    private sealed class CosineSchedule : LearningRateSchedule
    {
        private readonly double _floor;

        public CosineSchedule(double floor)
        {
            Ranges.UpToOne(floor);
            _floor = floor;
        }

        public override bool NeedsTotal => true;

        public override double Factor(long step, long totalSteps)
        {
            // A training that goes on after its last planned step stays at the floor.
            var done = totalSteps > 0 ? Math.Min(1, (double)step / totalSteps) : 1;
            return _floor + ((1 - _floor) * 0.5 * (1 + Math.Cos(Math.PI * done)));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Cosine(floor: {_floor})");
    }

    private sealed class WarmUpSchedule : LearningRateSchedule
    {
        private readonly long _steps;
        private readonly LearningRateSchedule _then;

        public WarmUpSchedule(long steps, LearningRateSchedule then)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
            _steps = steps;
            _then = then;
        }

        public override bool NeedsTotal => _then.NeedsTotal;

        public override bool NeedsEpochs => _then.NeedsEpochs;

        public override double Factor(long step, long totalSteps) =>
            step < _steps ? (step + 1.0) / _steps : _then.Factor(step - _steps, Math.Max(0, totalSteps - _steps));

        public override double Factor(long step, long totalSteps, long epochSteps) => step < _steps
            ? (step + 1.0) / _steps
            : _then.Factor(step - _steps, Math.Max(0, totalSteps - _steps), epochSteps);

        public override string ToString() => $"WarmUp(steps: {_steps}, then: {_then})";
    }
}
