using System.Globalization;
using Spectre.Console;

namespace Digits.Display;

/// <summary>What models of blocks cost and achieve, beside the dense one.</summary>
internal static class StorageTable
{
    /// <summary>Writes the table, unless there are no blocks.</summary>
    public static void Write(IReadOnlyList<Result> results)
    {
        if (results.All(result => result.Indexes.Count == 0))
            return;
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("model", "accuracy", "parameters", "index bytes", "CSR", "BSR 4x4", "s/epoch");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Title),
                Text($"{100 * result.TestAccuracy:0.00} %"),
                Text($"{result.Parameters:N0}"),
                Bytes(result, index => index.Bytes),
                Bytes(result, index => index.CsrBytes),
                Bytes(result, index => index.BsrBytes),
                result.SecondsPerEpoch is { } seconds ? Text($"{seconds:0.00}") : "-");
        }
        AnsiConsole.Write(table);
    }

    private static string Bytes(Result result, Func<SparseSharp.BlockIndex, long> bytes) =>
        result.Indexes.Count == 0 ? "-" : Text($"{result.Indexes.Sum(bytes):N0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
