using System.Text;
using System.Text.Json;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Runtime.Tests.Benchmarks;

public sealed class ReportTests
{
    private static readonly BenchmarkRow Full = new("nm-forward", "2:4-T", "128x1024x1024", 2, 0.8)
    {
        Density = 0.5,
        Peer = new PeerTime("oneDNN", 2),
        OwnDenseMs = 1.4,
        CsrMs = 3.2,
        MaxRelErr = 6.25e-7,
        Note = "for people",
    };

    private static readonly BenchmarkRow Bare = new("generator", "model edit", "50 layers", 1, 12.3456789);

    private static readonly string[] Fields =
        ["bench", "kernel", "shape", "density", "threads", "peer", "peer_ms", "own_dense_ms", "csr_ms", "ours_ms", "ratio", "max_rel_err"];

    [Fact]
    public void EveryRowHasTheSameFields() =>
        Assert.All(Json(Full, Bare).EnumerateArray(), row => Assert.Equal(Fields, row.EnumerateObject().Select(field => field.Name)));

    [Fact]
    public void NumbersAreNumbers()
    {
        var row = Json(Full)[0];
        Assert.Equal(
            ("nm-forward", "2:4-T", "128x1024x1024", "oneDNN"),
            (Text(row, "bench"), Text(row, "kernel"), Text(row, "shape"), Text(row, "peer")));
        Assert.Equal(0.5, row.GetProperty("density").GetDouble());
        Assert.Equal(2, row.GetProperty("threads").GetInt32());
        Assert.Equal(2, row.GetProperty("peer_ms").GetDouble());
        Assert.Equal(1.4, row.GetProperty("own_dense_ms").GetDouble());
        Assert.Equal(3.2, row.GetProperty("csr_ms").GetDouble());
        Assert.Equal(0.8, row.GetProperty("ours_ms").GetDouble());
        Assert.Equal(2.5, row.GetProperty("ratio").GetDouble());
        Assert.Equal(6.25e-7, row.GetProperty("max_rel_err").GetDouble());
    }

    [Fact]
    public void WhatIsMissingIsNull()
    {
        var row = Json(Bare)[0];
        Assert.All(
            new[] { "density", "peer", "peer_ms", "own_dense_ms", "csr_ms", "ratio", "max_rel_err" },
            name => Assert.Equal(JsonValueKind.Null, row.GetProperty(name).ValueKind));
        Assert.Equal(12.3457, row.GetProperty("ours_ms").GetDouble());
    }

    [Fact]
    public void NoRowsAreAnEmptyArray() => Assert.Equal(0, Json().GetArrayLength());

    [Fact]
    public void WithoutAPeerTheRatioIsToOurDenseKernel() => Assert.Equal(1.4 / 0.8, (Full with { Peer = null }).Ratio);

    [Fact]
    public void TheTableIsAligned()
    {
        var titles = RowTable.Heading.Split('\n')[0];
        var full = RowTable.Line(Full);
        Assert.Equal(titles.IndexOf("shape", StringComparison.Ordinal), full.IndexOf("128x", StringComparison.Ordinal));
        Assert.Equal(
            titles.IndexOf("max error", StringComparison.Ordinal) + "max error".Length,
            full.IndexOf("  for people", StringComparison.Ordinal));
        Assert.Equal(8, RowTable.Line(Bare).Split("n/a").Length - 1);
    }

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private static JsonElement Json(params BenchmarkRow[] rows)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(rows, stream);
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }
}
