using System.Text.Json;

namespace SparseSharp.Benchmarks.Reporting;

/// <summary>Rows as a JSON array, one object per row, the same fields in every one; null where a row has no such figure.</summary>
internal static class JsonReport
{
    public static void Write(IEnumerable<BenchmarkRow> rows, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartArray();
        foreach (var row in rows)
            Write(row, json);
        json.WriteEndArray();
    }

    private static void Write(BenchmarkRow row, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("bench", row.Bench);
        json.WriteString("kernel", row.Kernel);
        json.WriteString("shape", row.Shape);
        Write(json, "density", row.Density);
        json.WriteNumber("threads", row.Threads);
        json.WriteString("peer", row.Peer?.Name);
        Write(json, "peer_ms", row.Peer?.Milliseconds);
        Write(json, "own_dense_ms", row.OwnDenseMs);
        Write(json, "csr_ms", row.CsrMs);
        Write(json, "ours_ms", row.OursMs);
        Write(json, "ratio", row.Ratio);
        Write(json, "max_rel_err", row.MaxRelErr);
        json.WriteEndObject();
    }

    /// <summary>Six digits: more than a time has, few enough to read.</summary>
    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, double.Parse(number.ToString("G6")));
        else
            json.WriteNull(name);
    }
}
