using System.Runtime.InteropServices;
using System.Text;

namespace SparseSharp.Benchmarks.Peers.Onnx;

/// <summary>Writes the fields of a protobuf message: as much of the format as ONNX files of ours need.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    private readonly MemoryStream _stream = new();

    public ProtobufWriter Number(int field, long value)
    {
        Key(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    public ProtobufWriter Float(int field, float value)
    {
        Key(field, Fixed32);
        _stream.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Floats(int field, ReadOnlySpan<float> values) => Raw(field, MemoryMarshal.AsBytes(values));

    public ProtobufWriter Longs(int field, ReadOnlySpan<long> values) => Raw(field, MemoryMarshal.AsBytes(values));

    /// <summary>A field that is a message of its own.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter message) =>
        Raw(field, message._stream.GetBuffer().AsSpan(0, (int)message._stream.Length));

    public byte[] ToArray() => _stream.ToArray();

    private ProtobufWriter Raw(int field, ReadOnlySpan<byte> bytes)
    {
        Key(field, Bytes);
        WriteVarint((ulong)bytes.Length);
        _stream.Write(bytes);
        return this;
    }

    private void Key(int field, int type) => WriteVarint((ulong)((field << 3) | type));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _stream.WriteByte((byte)(value | 0x80));
        _stream.WriteByte((byte)value);
    }
}
