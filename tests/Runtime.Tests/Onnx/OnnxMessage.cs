using System.Buffers.Binary;
using System.Text;

namespace SparseSharp.Runtime.Tests.Onnx;

/// <summary>A message of protocol buffers: the values of its fields, in order.</summary>
internal sealed class OnnxMessage
{
    private readonly List<(int Field, long Number, byte[] Bytes)> _fields = [];

    public OnnxMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var key = Varint(ref bytes);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0: _fields.Add((field, Varint(ref bytes), [])); break;
                case 1: _fields.Add((field, 0, Take(ref bytes, 8))); break;
                case 2: _fields.Add((field, 0, Take(ref bytes, (int)Varint(ref bytes)))); break;
                case 5: _fields.Add((field, 0, Take(ref bytes, 4))); break;
                default: throw new InvalidDataException($"A field has the type {key & 7}.");
            }
        }
    }

    public IEnumerable<OnnxMessage> Messages(int field) => All(field).Select(bytes => new OnnxMessage(bytes));

    public IEnumerable<string> Texts(int field) => All(field).Select(Encoding.UTF8.GetString);

    public string Text(int field) => Texts(field).FirstOrDefault("");

    public byte[] Bytes(int field) => All(field).FirstOrDefault([]);

    /// <summary>Whole numbers, packed or one by one.</summary>
    public long[] Numbers(int field)
    {
        var numbers = new List<long>();
        foreach (var (number, value, bytes) in _fields.Where(entry => entry.Field == field))
        {
            if (bytes.Length == 0)
                numbers.Add(value);
            ReadOnlySpan<byte> rest = bytes;
            while (rest.Length > 0)
                numbers.Add(Varint(ref rest));
        }
        return [.. numbers];
    }

    /// <summary>Floats, packed or one by one.</summary>
    public float[] Floats(int field)
    {
        var bytes = All(field).SelectMany(value => value).ToArray();
        return [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i)))];
    }

    private IEnumerable<byte[]> All(int field) => _fields.Where(entry => entry.Field == field).Select(entry => entry.Bytes);

    private static byte[] Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        var taken = bytes[..count].ToArray();
        bytes = bytes[count..];
        return taken;
    }

    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return (long)value;
        }
    }
}
