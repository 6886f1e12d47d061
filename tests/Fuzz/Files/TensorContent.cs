using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SparseSharp.Fuzz.Files;

/// <summary>A tensor of <see cref="TensorContent"/>: nothing is checked.</summary>
internal sealed record RawTensor(string Name, string Type, long[] Shape, byte[] Bytes);

/// <summary>The content of a safetensors file taken apart, so that it can be put together wrong.</summary>
internal sealed class TensorContent
{
    public List<RawTensor> Tensors { get; } = [];

    public List<KeyValuePair<string, string>> Metadata { get; } = [];

    /// <summary>Takes a valid file apart.</summary>
    public static TensorContent Parse(byte[] file)
    {
        var content = new TensorContent();
        var (header, data) = Split(file);
        using var json = JsonDocument.Parse(header);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                content.Metadata.AddRange(
                    property.Value.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString()!)));
                continue;
            }
            var offsets = property.Value.GetProperty("data_offsets");
            content.Tensors.Add(new(
                property.Name,
                property.Value.GetProperty("dtype").GetString()!,
                [.. property.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())],
                data.AsSpan(offsets[0].GetInt32()..offsets[1].GetInt32()).ToArray()));
        }
        return content;
    }

    /// <summary>Header and data of a valid file.</summary>
    public static (string Header, byte[] Data) Split(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return (Encoding.UTF8.GetString(file, 8, length), file[(8 + length)..]);
    }

    /// <summary>A file of a header and data, whatever they are.</summary>
    /// <param name="length">What stands at the start in place of the header's length.</param>
    public static byte[] Join(byte[] header, byte[] data, ulong? length = null)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length ?? (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }

    /// <summary>A file whose header says what is there, even where that is nonsense.</summary>
    public byte[] Compose()
    {
        var header = new StringBuilder("{");
        if (Metadata.Count > 0)
            header.Append(
                CultureInfo.InvariantCulture,
                $"\"__metadata__\":{{{string.Join(',', Metadata.Select(pair => $"{Quote(pair.Key)}:{Quote(pair.Value)}"))}}},");
        long place = 0;
        foreach (var tensor in Tensors)
        {
            header.Append(
                CultureInfo.InvariantCulture,
                $"{Quote(tensor.Name)}:{{\"dtype\":{Quote(tensor.Type)},\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{place},{place + tensor.Bytes.Length}]}},");
            place += tensor.Bytes.Length;
        }
        if (header[^1] == ',')
            header.Length--;
        header.Append('}');
        return Join(Encoding.UTF8.GetBytes(header.ToString()), [.. Tensors.SelectMany(tensor => tensor.Bytes)]);
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text, StringContext.Default.String);
}

/// <summary>Writes strings.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class StringContext : System.Text.Json.Serialization.JsonSerializerContext;
