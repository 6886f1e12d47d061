namespace SparseSharp.Benchmarks.Reporting;

/// <summary>Rows as aligned text. The widths are fixed, so that rows can be printed as they come.</summary>
internal static class RowTable
{
    private const string None = "n/a";

    private static readonly Column[] Columns =
    [
        new("bench", -16, row => row.Bench),
        new("kernel", -20, row => row.Kernel),
        new("shape", -20, row => row.Shape),
        new("density", 7, row => row.Density?.ToString("0.###") ?? None),
        new("threads", 7, row => $"{row.Threads}"),
        new("peer", -8, row => row.Peer?.Name ?? None),
        new("peer ms", 9, row => Time(row.Peer?.Milliseconds)),
        new("dense ms", 9, row => Time(row.OwnDenseMs)),
        new("csr ms", 9, row => Time(row.CsrMs)),
        new("ours ms", 9, row => Time(row.OursMs)),
        new("ratio", 6, row => row.Ratio?.ToString("0.00") ?? None),
        new("vs dense", 8, row => row.DenseRatio?.ToString("0.00") ?? None),
        new("max error", 9, row => row.MaxRelErr?.ToString("0.0e+0") ?? None),
        new("", 0, row => row.Note),
    ];

    public static string Heading
    {
        get
        {
            var titles = Join(column => column.Title);
            return $"{titles}\n{new string('-', titles.Length)}";
        }
    }

    public static string Line(BenchmarkRow row) => Join(column => column.Text(row));

    private static string Join(Func<Column, string> text) =>
        string.Join("  ", Columns.Select(column => column.Align(text(column)))).TrimEnd();

    private static string Time(double? milliseconds) => milliseconds?.ToString("0.0000") ?? None;

    /// <summary>A column; a negative width aligns to the left.</summary>
    private sealed record Column(string Title, int Width, Func<BenchmarkRow, string> Text)
    {
        public string Align(string text) => Width < 0 ? text.PadRight(-Width) : text.PadLeft(Width);
    }
}
