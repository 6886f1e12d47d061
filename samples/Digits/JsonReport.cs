using System.Text.Json;

namespace Digits;

/// <summary>The figures of all models for programs: <c>{"runs": [{"model": "dense", "seed": 1, …}, …]}</c>.</summary>
internal static class JsonReport
{
    /// <summary>Finds out before the training what would only fail after it.</summary>
    /// <exception cref="IOException">There is no directory for the file.</exception>
    public static void Check(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(directory) || Directory.Exists(path))
            throw new IOException($"{path}: a file cannot be written there, because its directory does not exist or it is one itself.");
    }

    /// <summary>Writes the report; the file is replaced as a whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<Result> results)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                Write(file, results);
                file.WriteByte((byte)'\n');
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Write(Stream stream, IReadOnlyList<Result> results)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("runs");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("model", result.Name);
            json.WriteNumber("seed", result.Seed);
            json.WriteNumber("test_accuracy", result.TestAccuracy);
            if (result.SecondsPerEpoch is { } seconds)
                json.WriteNumber("seconds_per_epoch", seconds);
            json.WriteNumber("inference_per_second", result.InferencePerSecond);
            json.WriteNumber("density", result.Density);
            json.WriteNumber("file_bytes", result.FileBytes);
            json.WriteNumber("parameters", result.Parameters);
            if (result.Indexes.Count > 0)
                json.WriteNumber("index_bytes", result.Indexes.Sum(index => index.Bytes));
            if (result.Flops is { } flops)
            {
                json.WriteNumber("inference_operations", flops.InferenceRatio);
                json.WriteNumber("training_operations", flops.TrainingRatio);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
