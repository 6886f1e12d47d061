using System.Globalization;
using Samples.Display;
using SparseSharp;
using Spectre.Console;

namespace Cifar;

/// <summary>Trains the models one after the other and prints a table of them.</summary>
internal static class Comparison
{
    /// <summary>Runs it.</summary>
    /// <returns>Whether it came to its end.</returns>
    public static bool Run(Settings settings, CancellationToken cancellation)
    {
        ComputeThreads.Count = settings.Threads;
        var data = settings.DataDirectory is { } directory
            ? PictureData.FromDirectory(directory)
            : PictureData.Generated(settings.Images, settings.Tests);
        Console.WriteLine(Text(
            $"{settings.Network} on {data.Title}: {data.Train.Count} training and {data.Test.Count} test images,"));
        Console.WriteLine(Text(
            $"{settings.Epochs} {(settings.Epochs == 1 ? "epoch" : "epochs")} of batches of {settings.BatchSize}, learning rate {settings.LearningRate}, seed {settings.Seed}, threads {settings.Threads}"));
        var results = new List<Result>();
        foreach (var contestant in Catalogue.Of(settings))
        {
            using (contestant)
                results.Add(TrainingConsole.Show(contestant.Title, view => contestant.Run(data, settings, view, cancellation)));
        }
        Print(results);
        if (settings.Regime != Recipe.Names[0])
            Curves.Print(results);
        return true;
    }

    private static void Print(IReadOnlyList<Result> results)
    {
        var dense = results[0];
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("model");
        foreach (var column in (string[])["weights", "operations", "test accuracy", "epoch", "images/s", "beside dense"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var result in results)
        {
            table.AddRow(
                result.Title, Text($"{result.Density:0.0 %}"), Text($"{result.InferenceRatio:0.00}"), Text($"{result.Accuracy:0.00 %}"),
                Text($"{result.EpochSeconds:0.0} s"), Text($"{result.ImagesPerSecond:0}"),
                Text($"{result.ImagesPerSecond / dense.ImagesPerSecond:0.00} x"));
        }
        AnsiConsole.Write(table);
        foreach (var result in results.Where(result => result.Model != dense.Model))
        {
            var same = results.First(other => other.Recipe.Name == result.Recipe.Name);
            Console.WriteLine(Text(
                $"{result.Title}: {result.Density:0 %} of the weights give {100 * (result.Accuracy - same.Accuracy):+0.0;-0.0;0.0} points of accuracy."));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
