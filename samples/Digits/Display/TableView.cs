using System.Globalization;
using Samples.Display;
using SparseSharp;
using Spectre.Console;

namespace Digits.Display;

/// <summary>A table that changes while models train: how sparse each layer is at the moment, and what makes it so.</summary>
internal sealed class TableView : TrainingView
{
    private readonly LiveDisplayContext _context;
    private readonly Table _table;
    private readonly Contestant _contestant;
    private readonly int _firstRow;

    /// <summary>Adds the rows of a model.</summary>
    /// <param name="context">Draws the table.</param>
    /// <param name="table">The table, shared by all models.</param>
    /// <param name="contestant">The model.</param>
    public TableView(LiveDisplayContext context, Table table, Contestant contestant)
    {
        (_context, _table, _contestant, _firstRow) = (context, table, contestant, table.Rows.Count);
        foreach (var _ in contestant.Layers)
            table.AddRow(Enumerable.Repeat("", table.Columns.Count).ToArray());
        Write("-", accuracy: null);
    }

    /// <summary>A table for models that were not trained yet.</summary>
    public static Table Empty()
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("model", "epoch", "accuracy", "layer", "density", "alpha", "threshold", "kernels");
        return table;
    }

    public override void Report(TrainingProgress value) =>
        Write(Text($"{value.Epoch}/{value.Epochs}, {100.0 * value.Batch / value.Batches:0} %"), value.Accuracy);

    public override void EpochDone(EpochReport report) => Write(Text($"{report.Epoch}/{report.Epochs}"), report.Validation?.Accuracy);

    private void Write(string epoch, double? accuracy)
    {
        var layers = _contestant.Layers;
        for (var i = 0; i < layers.Count; i++)
        {
            string[] cells =
            [
                i == 0 ? Markup.Escape(_contestant.Title) : "",
                i == 0 ? epoch : "",
                i == 0 && accuracy is { } share ? Text($"{100 * share:0.00} %") : "",
                layers[i].Path,
                Text($"{layers[i].Density:0.000}"),
                layers[i].Alpha is { } alpha ? Text($"{alpha:0.000}") : "-",
                layers[i].Threshold is { } threshold ? Text($"{threshold:0.0000}") : "-",
                layers[i].UsesDenseKernels ? "dense" : "packed",
            ];
            for (var cell = 0; cell < cells.Length; cell++)
                _table.UpdateCell(_firstRow + i, cell, cells[cell]);
        }
        _context.Refresh();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
