using System.Globalization;
using SparseSharp;
using Spectre.Console;

namespace Digits.Display;

/// <summary>A table that changes while models train: how sparse each layer is at the moment, and what makes it so.</summary>
/// <param name="context">Draws the table.</param>
/// <param name="table">The table, shared by all models.</param>
/// <param name="contestant">The model.</param>
internal sealed class TableView(LiveDisplayContext context, Table table, Contestant contestant) : ITrainingView
{
    private readonly int _firstRow = table.Rows.Count;

    /// <summary>A table for models that were not trained yet.</summary>
    public static Table Empty()
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("model", "epoch", "accuracy", "layer", "density", "alpha", "threshold", "kernels");
        return table;
    }

    public void Report(TrainingProgress value) => Write(Text($"{value.Epoch}/{value.Epochs}, {100.0 * value.Batch / value.Batches:0} %"), value.Accuracy);

    public void EpochDone(EpochReport report) => Write(Text($"{report.Epoch}/{report.Epochs}"), report.Validation?.Accuracy);

    private void Write(string epoch, double? accuracy)
    {
        var layers = contestant.Layers;
        for (var i = 0; i < layers.Count; i++)
        {
            string[] cells =
            [
                i == 0 ? Markup.Escape(contestant.Title) : "",
                i == 0 ? epoch : "",
                i == 0 ? Text($"{100 * accuracy:0.00} %") : "",
                layers[i].Path,
                Text($"{layers[i].Density:0.000}"),
                layers[i].Alpha is { } alpha ? Text($"{alpha:0.000}") : "-",
                layers[i].Threshold is { } threshold ? Text($"{threshold:0.0000}") : "-",
                layers[i].UsesDenseKernels ? "dense" : "packed",
            ];
            if (_firstRow + i == table.Rows.Count)
                table.AddRow(cells);
            for (var cell = 0; cell < cells.Length; cell++)
                table.UpdateCell(_firstRow + i, cell, cells[cell]);
        }
        context.Refresh();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
