using System.Globalization;
using SparseSharp;
using Spectre.Console;

namespace Samples.Display;

/// <summary>A progress bar over all epochs of a model, with how well it does at the moment.</summary>
internal sealed class BarView(ProgressTask task, string title) : TrainingView
{
    public override void Report(TrainingProgress value)
    {
        if (!task.IsStarted)
            task.StartTask();
        task.MaxValue = (double)value.Epochs * value.Batches;
        task.Value = ((value.Epoch - 1.0) * value.Batches) + value.Batch;
        Describe(value.Epoch, value.Epochs, "training", value.Loss, value.Accuracy);
    }

    public override void EpochDone(EpochReport report)
    {
        var (what, last) = report.Validation is { } validation ? ("test", validation) : ("training", report.Training);
        Describe(report.Epoch, report.Epochs, what, last.Loss, last.Accuracy);
        if (report.StoppedEarly)
            task.StopTask();
    }

    private void Describe(int epoch, int epochs, string what, double loss, double? accuracy)
    {
        var value = accuracy is { } share
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %")
            : string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.0000}");
        task.Description = Markup.Escape($"{title} {epoch}/{epochs}, {what} {value}");
    }
}
