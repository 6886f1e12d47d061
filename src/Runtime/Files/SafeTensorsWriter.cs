using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SparseSharp.Files;

/// <summary>Writes safetensors: equal content gives equal bytes.</summary>
internal static class SafeTensorsWriter
{
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        // Large elements first (the sort is stable): with a header of a multiple of 8 bytes every tensor is aligned to its elements.
        var ordered = tensors.OrderByDescending(tensor => tensor.Type.Bits()).ToList();
        var header = Header(ordered, metadata);
        if (header.Length > SafeTensorsHeader.MaximumLength)
            throw new ArgumentException(
                $"The names and metadata take {header.Length} bytes, more than the {SafeTensorsHeader.MaximumLength} that a safetensors "
                    + "header may have.");
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered)
            stream.Write(tensor.Bytes.Span);
    }

    private static byte[] Header(List<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long place = 0;
            foreach (var tensor in tensors)
            {
                WriteEntry(json, tensor, place);
                place += tensor.Bytes.Length;
            }
            json.WriteEndObject();
        }
        var padded = new byte[(buffer.WrittenCount + 7) & ~7];
        padded.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(padded);
        return padded;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return;
        json.WriteStartObject(SafeTensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, NamedTensor tensor, long place)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.TypeName);
        json.WriteStartArray("shape");
        foreach (var extent in tensor.Shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(place);
        json.WriteNumberValue(place + tensor.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
