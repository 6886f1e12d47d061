using SparseSharp;

namespace Digits.Display;

/// <summary>Shows how the training of one model goes.</summary>
internal interface ITrainingView : IProgress<TrainingProgress>
{
    /// <summary>An epoch is over.</summary>
    void EpochDone(EpochReport report);
}
