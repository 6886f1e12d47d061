using System.Globalization;
using SparseSharp;
using Spectre.Console;

namespace Digits.Display;

/// <summary>A progress bar over all epochs of a model.</summary>
internal sealed class BarView(ProgressTask task, string title) : ITrainingView
{
    public void Report(TrainingProgress value)
    {
        if (!task.IsStarted)
            task.StartTask();
        task.MaxValue = (double)value.Epochs * value.Batches;
        task.Value = ((value.Epoch - 1.0) * value.Batches) + value.Batch;
        Describe(value.Epoch, value.Epochs, "training", value.Accuracy);
    }

    public void EpochDone(EpochReport report) => Describe(report.Epoch, report.Epochs, "test", report.Validation?.Accuracy);

    private void Describe(int epoch, int epochs, string what, double? accuracy) =>
        task.Description = Markup.Escape(string.Create(
            CultureInfo.InvariantCulture, $"{title}, epoch {epoch}/{epochs}, {what} accuracy {100 * accuracy:0.00} %"));
}
