using System.Globalization;
using SparseSharp;
using Spectre.Console;

namespace Cifar;

/// <summary>Accuracy over updates and over time.</summary>
internal static class Curves
{
    /// <summary>Epochs of a model that are shown at most.</summary>
    private const int MostPoints = 10;

    /// <summary>Prints the epochs of all models, and how soon each is as good as the plain training of the same model ever was.</summary>
    public static void Print(IReadOnlyList<Result> results)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("model");
        foreach (var column in (string[])["epoch", "updates", "time", "test accuracy", "waiting"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var result in results)
        {
            foreach (var point in Thin(result.Curve))
            {
                table.AddRow(
                    result.Title, $"{point.Epoch}", $"{point.Updates}", Text($"{point.Seconds:0.0} s"), Text($"{point.Accuracy:0.00 %}"),
                    Text($"{point.WaitShare:0.0 %}"));
            }
        }
        AnsiConsole.Write(table);
        foreach (var result in results)
        {
            if (results.FirstOrDefault(other => other.Model == result.Model) is { } plain && plain != result)
                Console.WriteLine(Compare(plain, result));
        }
    }

    private static string Compare(Result plain, Result result)
    {
        var best = plain.Curve.MaxBy(point => point.Accuracy)!;
        if (result.Curve.FirstOrDefault(point => point.Accuracy >= best.Accuracy) is { } equal)
        {
            return Text($"{result.Title}: {best.Accuracy:0.00 %}, the best of {plain.Title}, after {equal.Updates} updates and ")
                + Text($"{equal.Seconds:0.0} s; {plain.Title} took {best.Updates} and {best.Seconds:0.0} s.");
        }
        var most = result.Curve.Max(point => point.Accuracy);
        return Text($"{result.Title}: at best {most:0.00 %} in {result.Curve[^1].Updates} updates; ")
            + Text($"{plain.Title} came to {best.Accuracy:0.00 %} in {best.Updates}.");
    }

    private static IEnumerable<CurvePoint> Thin(IReadOnlyList<CurvePoint> curve)
    {
        var step = ((curve.Count - 1) / MostPoints) + 1;
        return curve.Where(point => point.Epoch % step == 0 || point.Epoch == curve.Count);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A model after an epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Updates">Optimizer steps so far.</param>
/// <param name="Seconds">Time of the training steps so far.</param>
/// <param name="Accuracy">Share of test images predicted correctly.</param>
/// <param name="WaitShare">Share of the epoch in which batches were waited for.</param>
internal sealed record CurvePoint(int Epoch, long Updates, double Seconds, double Accuracy, double WaitShare)
{
    /// <summary>The points of a training.</summary>
    public static CurvePoint[] Of(IEnumerable<EpochReport> epochs)
    {
        var seconds = 0.0;
        return
        [
            .. epochs.Select(epoch => new CurvePoint(
                epoch.Epoch, epoch.Step, seconds += epoch.Elapsed.TotalSeconds, epoch.Validation!.Accuracy!.Value, epoch.WaitShare)),
        ];
    }
}
