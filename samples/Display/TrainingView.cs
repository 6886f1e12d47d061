using SparseSharp;

namespace Samples.Display;

/// <summary>Shows how the training of one model goes: give it to a trainer as <see cref="TrainerOptions.Progress"/>.</summary>
public abstract class TrainingView : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public abstract void Report(TrainingProgress value);

    /// <summary>An epoch is over: give it to a trainer as <see cref="TrainerOptions.OnEpoch"/>.</summary>
    public abstract void EpochDone(EpochReport report);
}
