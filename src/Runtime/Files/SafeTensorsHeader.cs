using System.Text.Json;

namespace SparseSharp.Files;

/// <summary>One tensor of a header that has passed all checks.</summary>
internal readonly record struct TensorEntry(string Name, TensorType Type, long[] Shape, long Begin, long End);

/// <summary>The JSON header of a safetensors file: parsed and checked as a whole before anything of the data is touched.</summary>
internal sealed class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The limit of the reference implementation.</summary>
    public const long MaximumLength = 100_000_000;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Tensors in order of their place in the data.</summary>
    public List<TensorEntry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Checks the length field at the start of a file against the file.</summary>
    public static int CheckLength(ulong headerLength, long fileLength, string source)
    {
        if (headerLength > MaximumLength)
            throw new SafeTensorsException($"{source}: not a safetensors file: its header would have {headerLength} bytes, more than the limit of {MaximumLength}.");
        if ((long)headerLength > fileLength - 8)
            throw new SafeTensorsException($"{source}: the file is truncated: its header has {headerLength} bytes, but only {fileLength - 8} follow.");
        return (int)headerLength;
    }

    /// <summary>Parses a header.</summary>
    /// <param name="json">The header, possibly padded with spaces.</param>
    /// <param name="dataLength">Bytes that follow it.</param>
    /// <param name="source">Name of the file for messages.</param>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        var header = new SafeTensorsHeader();
        var current = "header";
        try
        {
            header.ReadAll(json, dataLength, ref current);
            header.CheckPlaces(dataLength);
            return header;
        }
        catch (FormatException error)
        {
            throw new SafeTensorsException($"{source}: {OneLine(error.Message)}", error);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid UTF-8 or UTF-16.
            throw new SafeTensorsException($"{source}: {current} is not valid JSON: {OneLine(error.Message)}", error);
        }
    }

    private void ReadAll(ReadOnlySpan<byte> json, long dataLength, ref string current)
    {
        if (json.IsEmpty || json[0] != '{')
            throw new FormatException("not a safetensors file: the header does not begin with '{'.");
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            current = $"the entry of '{name}'";
            if (!_names.Add(name))
                throw new FormatException($"'{name}' appears twice in the header.");
            reader.Read();
            if (name == MetadataKey)
                ReadMetadata(ref reader);
            else
                Entries.Add(ReadEntry(ref reader, name, dataLength));
        }
        current = "the end of the header";
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, MetadataKey, "is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.String, MetadataKey, $"holds '{key}', which is not a string");
            Expect(Metadata.TryAdd(key, reader.GetString()!), MetadataKey, $"holds '{key}' twice");
        }
    }

    private static TensorEntry ReadEntry(ref Utf8JsonReader reader, string name, long dataLength)
    {
        Expect(name.Length > 0, name, "has no name");
        Expect(reader.TokenType == JsonTokenType.StartObject, name, "is not an object");
        TensorType? type = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, key);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, key);
                    break;
                default:
                    throw new FormatException($"tensor '{name}' has an unknown or repeated field '{key}'.");
            }
        }
        Expect(type is not null && shape is not null && offsets is not null, name, "lacks dtype, shape or data_offsets");
        return CheckEntry(name, type!.Value, [.. shape!], offsets!, dataLength);
    }

    private static TensorEntry CheckEntry(string name, TensorType type, long[] shape, List<long> offsets, long dataLength)
    {
        Expect(offsets.Count == 2, name, $"has {offsets.Count} data_offsets instead of 2");
        var (begin, end) = (offsets[0], offsets[1]);
        Expect(begin <= end, name, $"ends at {end}, before it begins at {begin}");
        Expect(end <= dataLength, name, $"ends at byte {end} of the data, but the file holds only {dataLength}; it may be truncated");
        var expected = NamedTensor.ByteLength(shape, type);
        var text = NamedTensor.Format(shape.AsSpan(0, Math.Min(shape.Length, 16)));
        Expect(expected is not null, name, $"has shape {text}, which is too large");
        Expect(expected == end - begin, name, $"has {end - begin} bytes, but {type.FileName()} of shape {text} needs {expected}");
        Expect(expected <= Array.MaxLength, name, $"has {expected} bytes, more than the limit of {Array.MaxLength} per tensor");
        return new TensorEntry(name, type, shape, begin, end);
    }

    private static TensorType ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(reader.TokenType == JsonTokenType.String, name, "has a dtype that is not a string");
        var text = reader.GetString()!;
        return TensorTypes.Parse(text) ?? throw new FormatException($"tensor '{name}' has the unknown dtype '{text}'.");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, name, $"has a {key} that is not a list");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(reader.TokenType == JsonTokenType.Number, name, $"has a {key} that does not consist of numbers");
            Expect(reader.TryGetInt64(out var number) && number >= 0, name, $"has a {key} with a number that is negative, fractional or too large");
            numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>The tensors must fill the data from its first byte to its last, without gap or overlap.</summary>
    private void CheckPlaces(long dataLength)
    {
        Entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long place = 0;
        foreach (var entry in Entries)
        {
            Expect(entry.Begin >= place, entry.Name, $"begins at {entry.Begin}, inside the tensor before it, which ends at {place}");
            Expect(entry.Begin == place, entry.Name, $"begins at {entry.Begin}, which leaves a gap after {place}");
            place = entry.End;
        }
        if (place != dataLength)
            throw new FormatException($"{dataLength - place} bytes at the end belong to no tensor.");
    }

    private static void Expect(bool condition, string name, string fault)
    {
        if (!condition)
            throw new FormatException(name == MetadataKey ? $"{MetadataKey} {fault}." : $"tensor '{name}' {fault}.");
    }

    /// <summary>A message of one line and readable length, whatever the names in the file are.</summary>
    private static string OneLine(string text)
    {
        const int longest = 400;
        text = text.ReplaceLineEndings(" ");
        return text.Length <= longest ? text : $"{text.AsSpan(0, longest)}…";
    }
}
