using SparseSharp;

namespace Digits.Display;

/// <summary>One line per epoch, for output that is not a terminal.</summary>
internal sealed class LineView(string title) : ITrainingView
{
    public void Report(TrainingProgress value) { }

    public void EpochDone(EpochReport report) => Console.WriteLine($"{title}: {report}");
}
