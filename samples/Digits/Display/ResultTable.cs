using System.Globalization;
using Spectre.Console;

namespace Digits.Display;

/// <summary>The figures of all models for people.</summary>
internal static class ResultTable
{
    /// <summary>Writes the table and what became of the saved models.</summary>
    public static void Write(IReadOnlyList<Result> results)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("model", "accuracy", "density", "s/epoch", "images/s", "file");
        foreach (var column in table.Columns.Skip(3).Append(table.Columns[1]))
            column.RightAligned();
        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Title),
                Text($"{100 * result.TestAccuracy:0.00} %"),
                string.Join('\n', result.Layers.Select(layer => Text($"{layer.Path} {layer.Density:0.000}"))),
                result.SecondsPerEpoch is { } seconds ? Text($"{seconds:0.00}") : "-",
                Text($"{result.InferencePerSecond:0}"),
                Text($"{result.FileBytes / 1048576.0:0.00} MiB"));
        }
        AnsiConsole.Write(table);
        foreach (var result in results.Skip(1))
            Console.WriteLine(Against(result, results[0]));
        foreach (var result in results.Where(result => result.Flops is not null))
            Console.WriteLine($"{result.Title}, operations as AutoSparse counts them: {result.Flops}.");
        foreach (var result in results)
        {
            Console.WriteLine(result.ReloadsExactly
                ? $"{result.Title}: saved and read back, all predictions agree bit for bit."
                : $"{result.Title}: saved and read back, but the predictions DIFFER.");
        }
    }

    private static string Against(Result result, Result reference)
    {
        var training = result.SecondsPerEpoch is { } seconds
            ? Text($"training {reference.SecondsPerEpoch / seconds:0.00}")
            : "without training";
        return Text($"{result.Title} against {reference.Title}: accuracy {100 * (result.TestAccuracy - reference.TestAccuracy):+0.00;-0.00;0.00} points,\n  ")
            + training
            + Text($", inference {result.InferencePerSecond / reference.InferencePerSecond:0.00} times as fast, ")
            + Text($"file {(double)result.FileBytes / reference.FileBytes:0.00} times as large.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
