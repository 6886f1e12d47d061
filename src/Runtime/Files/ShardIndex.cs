using System.Text.Json;

namespace SparseSharp.Files;

/// <summary>
/// The index of a model in several files (<c>*.safetensors.index.json</c>): which tensor is in which of them. They lie beside the index.
/// </summary>
internal static class ShardIndex
{
    private const string Extension = ".index.json";
    private const int MaximumShards = 512;
    private const int MaximumName = 255;

    /// <summary>Whether a path is that of an index.</summary>
    public static bool IsIndex(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the index.</summary>
    /// <returns>The file of each tensor, as a name within the directory of the index.</returns>
    /// <exception cref="SafeTensorsException">It cannot be read, or is no index.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        var json = TensorFile.Translate(path, () =>
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > SafeTensorsHeader.MaximumLength)
                throw new SafeTensorsException(
                    FileText.Message(path, $"the index has {length} bytes, more than the limit of {SafeTensorsHeader.MaximumLength}."));
            var bytes = new byte[length];
            return RandomAccess.Read(file, bytes, 0) == length
                ? bytes
                : throw new SafeTensorsException(FileText.Message(path, "the file became shorter while it was read."));
        });
        try
        {
            return Parse(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new SafeTensorsException(FileText.Message(path, $"not an index of safetensors files: {error.Message}"), error);
        }
    }

    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> json)
    {
        // A mark that some editors put in front of a text.
        var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json);
        Dictionary<string, string>? map = null;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "it is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMap = reader.ValueTextEquals("weight_map"u8);
            Expect(!isMap || map is null, "it has two fields 'weight_map'.");
            reader.Read();
            if (isMap)
                map = ReadMap(ref reader);
            else
                reader.Skip();
        }
        reader.Read();
        return map ?? throw new FormatException("it has no field 'weight_map'.");
    }

    private static Dictionary<string, string> ReadMap(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, "'weight_map' is not an object.");
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Expect(
                reader.ValueSpan.Length <= SafeTensorsHeader.MaximumName,
                $"it has a name of more than {SafeTensorsHeader.MaximumName} bytes.");
            var tensor = reader.GetString()!;
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.String
                && reader.ValueSpan.Length <= MaximumName, $"the file of tensor '{FileText.Name(tensor)}' is not a short text.");
            var file = reader.GetString()!;
            // Nothing outside of the directory of the index.
            Expect(
                file.Length > 0 && file is not ("." or "..") && file.AsSpan().IndexOfAny("/\\:\0") < 0,
                $"tensor '{FileText.Name(tensor)}' is in '{FileText.Name(file)}', which is not the name of a file beside the index.");
            Expect(map.Count < SafeTensorsHeader.MaximumTensors, $"it has more than {SafeTensorsHeader.MaximumTensors} tensors.");
            if (!files.TryGetValue(file, out var known))
                files.Add(file, known = file);
            Expect(files.Count <= MaximumShards, $"it has more than {MaximumShards} files.");
            Expect(map.TryAdd(tensor, known), $"tensor '{FileText.Name(tensor)}' appears twice.");
        }
        return map;
    }

    private static void Expect(bool condition, string fault)
    {
        if (!condition)
            throw new FormatException(fault);
    }
}
