using SparseSharp;

namespace Samples.Display;

/// <summary>A line per epoch, for output that is not a terminal; or the lines with all layers.</summary>
internal sealed class LineView(string title, bool details) : TrainingView
{
    public override void Report(TrainingProgress value) { }

    public override void EpochDone(EpochReport report) => Console.WriteLine($"{title}: {(details ? report.Details() : report)}");
}
