using System.Buffers.Binary;

namespace SparseSharp.Fuzz.Files;

/// <summary>
/// Makes damaged safetensors files of a valid one: damaged bytes, damaged JSON, and files that are whole but hold something else.
/// </summary>
internal static class TensorMutator
{
    private static readonly string[] Types =
        ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL", "F8_E5M2", "Q4"];

    private static readonly string[] Texts =
    [
        "", " ", "0", "1", "2", "3", "-1", "-0", "+1", "1.5", "1e3", "2147483647", "2147483648", "9223372036854775807",
        "-9223372036854775808", "99999999999999999999", "NaN", "Infinity", "-Infinity", "∞", "1,000", "0x10",
        "dense", "2:4", "2:4 transposable", "2:4 transposable, run dense", "0:0", "sparsesharp checkpoint", "pt", "\u0000", "\r\n",
        "ten\u202Eparts", "0000000000000000", "ffffffffffffffff",
    ];

    public static byte[] Mutate(byte[] file, Random random)
    {
        switch (random.Next(10))
        {
            case 0 or 1:
                return ByteMutator.Mutate(file, random);
            case 2 or 3 or 4:
                var (header, data) = TensorContent.Split(file);
                var json = JsonMutator.Mutate(header, random);
                return TensorContent.Join(json, data, random.Next(20) == 0 ? HeaderLength(json.Length, random) : null);
            case 5:
                var (same, rest) = TensorContent.Split(file);
                return TensorContent.Join(System.Text.Encoding.UTF8.GetBytes(same), rest, HeaderLength(same.Length, random));
            default:
                var content = TensorContent.Parse(file);
                for (var times = random.Next(1, 4); times > 0; times--)
                    Change(content, random);
                return content.Compose();
        }
    }

    private static ulong HeaderLength(int length, Random random) => random.Next(7) switch
    {
        0 => 0,
        1 => (ulong)random.Next(length + 100),
        2 => ulong.MaxValue - (ulong)random.Next(20),
        3 => (ulong)long.MaxValue + (ulong)random.Next(-9, 9),
        4 => 1UL << random.Next(64),
        5 => (ulong)(length + random.Next(-3, 4)),
        _ => 99_999_999UL + (ulong)random.Next(3),
    };

    private static void Change(TensorContent content, Random random)
    {
        if (content.Tensors.Count == 0 || random.Next(6) == 0)
        {
            ChangeMetadata(content.Metadata, random);
            return;
        }
        var place = random.Next(content.Tensors.Count);
        var tensor = content.Tensors[place];
        switch (random.Next(10))
        {
            case 0:
                content.Tensors.RemoveAt(place);
                break;
            case 1:
                content.Tensors.Insert(random.Next(content.Tensors.Count), tensor with { Name = Name(content, tensor, random) });
                break;
            case 2:
                content.Tensors[place] = tensor with { Name = Name(content, tensor, random) };
                break;
            case 3:
                content.Tensors[place] = Resized(tensor, random);
                break;
            case 4:
                content.Tensors[place] = tensor with { Type = Types[random.Next(Types.Length)] };
                break;
            case 5:
                var other = random.Next(content.Tensors.Count);
                (content.Tensors[place], content.Tensors[other]) =
                    (tensor with { Name = content.Tensors[other].Name }, content.Tensors[other] with { Name = tensor.Name });
                break;
            default:
                content.Tensors[place] = tensor with { Bytes = Values(tensor, random) };
                break;
        }
    }

    private static void ChangeMetadata(List<KeyValuePair<string, string>> metadata, Random random)
    {
        if (metadata.Count == 0 || random.Next(8) == 0)
        {
            metadata.Add(KeyValuePair.Create(random.Next(2) == 0
                ? "sparsesharp.version"
                : Texts[random.Next(Texts.Length)], Texts[random.Next(Texts.Length)]));
            return;
        }
        var place = random.Next(metadata.Count);
        switch (random.Next(5))
        {
            case 0:
                metadata.RemoveAt(place);
                break;
            case 1:
                metadata.Add(metadata[place]);
                break;
            case 2:
                metadata[place] = KeyValuePair.Create(metadata[place].Key, metadata[random.Next(metadata.Count)].Value);
                break;
            default:
                metadata[place] = KeyValuePair.Create(metadata[place].Key, Texts[random.Next(Texts.Length)]);
                break;
        }
    }

    private static string Name(TensorContent content, RawTensor tensor, Random random) => random.Next(5) switch
    {
        0 => tensor.Name + ".state0",
        1 => "best/" + tensor.Name,
        2 => content.Tensors[random.Next(content.Tensors.Count)].Name,
        3 => tensor.Name.Replace("weight", "weight_mask", StringComparison.Ordinal),
        _ => Texts[random.Next(Texts.Length)],
    };

    /// <summary>Another shape with the bytes that it needs.</summary>
    private static RawTensor Resized(RawTensor tensor, Random random)
    {
        var elements = tensor.Shape.Aggregate(1L, (a, b) => a * b);
        var size = elements == 0 ? 1 : (int)(tensor.Bytes.Length / elements);
        var shape = tensor.Shape.ToList();
        switch (random.Next(6))
        {
            case 0:
                shape.Reverse();
                break;
            case 1:
                shape.Insert(random.Next(shape.Count + 1), 1);
                break;
            case 2 when shape.Count > 0:
                shape.RemoveAt(random.Next(shape.Count));
                break;
            case 3 when shape.Count > 0:
                shape[random.Next(shape.Count)] = random.Next(0, 70);
                break;
            case 4 when shape.Count > 0:
                shape[random.Next(shape.Count)] = 0;
                // An empty tensor may claim any other extent.
                if (random.Next(2) == 0)
                    shape.Add(long.MaxValue);
                break;
            default:
                shape = [elements];
                break;
        }
        var needed = shape.Contains(0) ? 0 : Math.Clamp(shape.Aggregate(1L, (a, b) => a * b) * size, 0, 1 << 16);
        var bytes = new byte[needed];
        tensor.Bytes.AsSpan(0, (int)Math.Min(needed, tensor.Bytes.Length)).CopyTo(bytes);
        return tensor with { Shape = [.. shape], Bytes = bytes };
    }

    private static byte[] Values(RawTensor tensor, Random random)
    {
        var bytes = tensor.Bytes.ToArray();
        if (bytes.Length == 0)
            return bytes;
        if (bytes.Length < 4 || tensor.Type is "U8" or "BOOL")
        {
            if (random.Next(4) == 0)
                Array.Fill(bytes, (byte)(random.Next(3) switch { 0 => 0, 1 => 255, _ => random.Next(256) }));
            else
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            return bytes;
        }
        float[] floats = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -float.MaxValue, float.Epsilon, -0f,
            0f, 1e30f, 1e-40f, 3.4e38f];
        long[] integers = [0, 1, 2, -1, long.MaxValue, long.MinValue, int.MaxValue, 1L << 40, BitConverter.DoubleToInt64Bits(double.NaN),
            BitConverter.DoubleToInt64Bits(double.PositiveInfinity), BitConverter.DoubleToInt64Bits(1e300)];
        var isWide = bytes.Length >= 8 && tensor.Type is "I64" or "F64" or "U64";
        var size = isWide ? 8 : 4;
        var all = random.Next(6) == 0;
        for (var times = all ? bytes.Length / size : random.Next(1, 4); times > 0; times--)
        {
            var place = all ? (times - 1) * size : random.Next(bytes.Length / size) * size;
            if (isWide)
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(place), integers[random.Next(integers.Length)]);
            else
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(place), floats[random.Next(floats.Length)]);
        }
        return bytes;
    }
}
