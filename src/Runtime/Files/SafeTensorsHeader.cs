using System.Text.Json;

namespace SparseSharp.Files;

/// <summary>One tensor of a header that has passed all checks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="TypeName">The name of that in the file.</param>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="Begin">Where its bytes begin in the data.</param>
/// <param name="End">Where they end.</param>
internal readonly record struct TensorEntry(string Name, TensorType Type, string TypeName, long[] Shape, long Begin, long End);

/// <summary>
/// The JSON header of a safetensors file: parsed and checked as a whole before anything of the data is touched. What it may hold is
/// limited, so that no header takes more memory than a few times its length, and none more than a few hundred megabytes.
/// </summary>
internal sealed class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The limit of the reference implementation.</summary>
    public const long MaximumLength = 100_000_000;

    /// <summary>Tensors of a file, or of all shards of a model: more than twice as many as the largest known models have.</summary>
    public const int MaximumTensors = 1 << 18;

    /// <summary>Dimensions of a tensor; NumPy has the same limit.</summary>
    public const int MaximumDimensions = 64;

    /// <summary>Bytes of a name, of a tensor or in the metadata, as they stand in the file.</summary>
    public const int MaximumName = 4096;

    /// <summary>Entries of the metadata.</summary>
    public const int MaximumMetadata = 1 << 16;

    /// <summary>Bytes of the metadata, as they stand in the file.</summary>
    public const int MaximumMetadataLength = 16 << 20;

    private const int LongestField = 64;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The entry that is being read.</summary>
    private string? _current;
    private bool _hasEnded;

    /// <summary>Tensors in order of their place in the data.</summary>
    public List<TensorEntry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Checks the length field at the start of a file against the file.</summary>
    /// <param name="headerLength">The field.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <param name="start">The first bytes, which may tell what kind of file it is.</param>
    /// <param name="source">Name of the file for messages.</param>
    public static int CheckLength(ulong headerLength, long fileLength, ReadOnlySpan<byte> start, string source)
    {
        if (headerLength <= MaximumLength && (long)headerLength <= fileLength - 8)
            return (int)headerLength;
        var fault = FileKind.Find(start) is { } kind ? $"this is no safetensors file but {kind}."
            : headerLength > MaximumLength
                ? $"not a safetensors file: its header would have {headerLength} bytes, more than the limit of {MaximumLength}."
            : $"the file is truncated: its header has {headerLength} bytes, but only {fileLength - 8} follow.";
        throw new SafeTensorsException(FileText.Message(source, fault));
    }

    /// <summary>Parses a header.</summary>
    /// <param name="json">The header, possibly padded with spaces.</param>
    /// <param name="dataLength">Bytes that follow it.</param>
    /// <param name="source">Name of the file for messages.</param>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        var header = new SafeTensorsHeader();
        try
        {
            header.ReadAll(json, dataLength);
            header.CheckPlaces(dataLength);
            return header;
        }
        catch (FormatException error)
        {
            throw new SafeTensorsException(FileText.Message(source, error.Message), error);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid UTF-8 or UTF-16.
            var place = header._current is { } name
                ? $"the entry of '{FileText.Name(name)}'"
                : header._hasEnded
                ? "the end of the header"
                : "header";
            throw new SafeTensorsException(FileText.Message(source, $"{place} is not valid JSON: {error.Message}"), error);
        }
    }

    private void ReadAll(ReadOnlySpan<byte> json, long dataLength)
    {
        if (json.IsEmpty || json[0] != '{')
            throw new FormatException("not a safetensors file: the header does not begin with '{'.");
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadName(ref reader, "a tensor");
            _current = name;
            if (!_names.Add(name))
                throw new FormatException($"'{FileText.Name(name)}' appears twice in the header.");
            reader.Read();
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
                continue;
            }
            if (Entries.Count == MaximumTensors)
                throw new FormatException($"the header has more than {MaximumTensors} tensors.");
            Entries.Add(ReadEntry(ref reader, name, dataLength));
        }
        (_current, _hasEnded) = (null, true);
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, MetadataKey, "is not an object");
        var length = 0L;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            length += reader.ValueSpan.Length;
            var key = ReadName(ref reader, "the metadata");
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Fault(MetadataKey, $"holds '{FileText.Name(key)}', which is not a string");
            length += reader.ValueSpan.Length;
            if (length > MaximumMetadataLength || Metadata.Count == MaximumMetadata)
                throw Fault(MetadataKey, $"holds more than {MaximumMetadataLength} bytes or {MaximumMetadata} entries");
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Fault(MetadataKey, $"holds '{FileText.Name(key)}' twice");
        }
    }

    private static TensorEntry ReadEntry(ref Utf8JsonReader reader, string name, long dataLength)
    {
        Expect(name.Length > 0, name, "has no name");
        Expect(reader.TokenType == JsonTokenType.StartObject, name, "is not an object");
        (TensorType Type, string Name)? type = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.ValueSpan.Length <= LongestField ? reader.GetString()! : "…";
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, key, MaximumDimensions, "dimensions");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, key, most: 2, "numbers");
                    break;
                default:
                    throw Fault(name, $"has an unknown or repeated field '{key}'");
            }
        }
        Expect(type is not null && shape is not null && offsets is not null, name, "lacks dtype, shape or data_offsets");
        return CheckEntry(name, type!.Value, [.. shape!], offsets!, dataLength);
    }

    private static TensorEntry CheckEntry(
        string name, (TensorType Type, string Name) type, long[] shape, List<long> offsets, long dataLength)
    {
        if (offsets.Count != 2)
            throw Fault(name, $"has {offsets.Count} data_offsets instead of 2");
        var (begin, end) = (offsets[0], offsets[1]);
        if (begin > end)
            throw Fault(name, $"ends at {end}, before it begins at {begin}");
        if (end > dataLength)
            throw Fault(name, $"ends at byte {end} of the data, but the file holds only {dataLength}; it may be truncated");
        var elements = NamedTensor.ElementCount(shape);
        var expected = NamedTensor.ByteLength(shape, type.Type);
        // Of a type that is not known each element has a bit at least.
        var isTooLarge = elements is null
            || (expected is null && (elements * type.Type.Bits()) % 8 == 0)
            || (type.Type == TensorType.Unknown && elements > (end - begin) * 8);
        if (isTooLarge || expected is null)
            throw Fault(
                name, $"has shape {Text(shape)}, {(isTooLarge ? "which is too large" : $"which ends within a byte of {type.Name}")}");
        if (type.Type != TensorType.Unknown && expected != end - begin)
            throw Fault(name, $"has {end - begin} bytes, but {type.Name} of shape {Text(shape)} needs {expected}");
        if (Math.Max(end - begin, elements!.Value) > Array.MaxLength)
            throw Fault(name, $"has {end - begin} bytes, more than the limit of {Array.MaxLength} per tensor");
        return new TensorEntry(name, type.Type, type.Name, shape, begin, end);
    }

    private static (TensorType Type, string Name) ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(reader.TokenType == JsonTokenType.String, name, "has a dtype that is not a string");
        var text = reader.ValueSpan.Length <= LongestField ? reader.GetString()! : "…";
        return TensorTypes.Parse(text) is { } type
            ? (type, type == TensorType.Unknown ? text : type.FileName())
            : throw Fault(name, $"has the unknown dtype '{text}'");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key, int most, string what)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fault(name, $"has a {key} that is not a list");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
                throw Fault(name, $"has a {key} that does not consist of numbers");
            if (!reader.TryGetInt64(out var number) || number < 0)
                throw Fault(name, $"has a {key} with a number that is negative, fractional or too large");
            if (numbers.Count == most)
                throw Fault(name, $"has a {key} of more than {most} {what}");
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
            if (entry.Begin < place)
                throw Fault(entry.Name, $"begins at {entry.Begin}, inside the tensor before it, which ends at {place}");
            if (entry.Begin > place)
                throw Fault(entry.Name, $"begins at {entry.Begin}, which leaves a gap after {place}");
            place = entry.End;
        }
        if (place != dataLength)
            throw new FormatException($"{dataLength - place} bytes at the end belong to no tensor.");
    }

    /// <summary>The name of a property, whose length is checked before memory is taken for it.</summary>
    private static string ReadName(ref Utf8JsonReader reader, string what) => reader.ValueSpan.Length <= MaximumName
        ? reader.GetString()!
        : throw new FormatException($"{what} has a name of {reader.ValueSpan.Length} bytes, more than the limit of {MaximumName}.");

    private static string Text(ReadOnlySpan<long> shape) => NamedTensor.Format(shape[..Math.Min(shape.Length, 16)]);

    private static void Expect(bool condition, string name, string fault)
    {
        if (!condition)
            throw Fault(name, fault);
    }

    private static FormatException Fault(string name, string fault) =>
        new(name == MetadataKey ? $"{MetadataKey} {fault}." : $"tensor '{FileText.Name(name)}' {fault}.");
}
