namespace SparseSharp.Fuzz.Files;

/// <summary>Damages bytes without knowing what they are.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Interesting =
        [0, 1, 7, 8, 0x0A, 0x1F, 0x22, 0x2C, 0x5B, 0x5D, 0x7B, 0x7D, 0x7F, 0x80, 0x8B, 0xC0, 0xED, 0xFE, 0xFF];

    public static byte[] Mutate(byte[] bytes, Random random)
    {
        var list = new List<byte>(bytes);
        for (var times = random.Next(1, 5); times > 0; times--)
            MutateOnce(list, random);
        return [.. list];
    }

    private static void MutateOnce(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Bytes(random.Next(1, 20), random));
            return;
        }
        // Damage gathers at the start, where lengths and headers are.
        var place = random.Next(3) switch
        {
            0 =>
            random.Next(Math.Min(bytes.Count, 16)),
            1 => random.Next(Math.Min(bytes.Count, 400)),
            _ => random.Next(bytes.Count)
        };
        var length = Math.Min(bytes.Count - place, random.Next(1, 1 << random.Next(1, 10)));
        switch (random.Next(8))
        {
            case 0:
                bytes[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[place] = Interesting[random.Next(Interesting.Length)];
                break;
            case 2:
                bytes.RemoveRange(place, bytes.Count - place);
                break;
            case 3:
                bytes.RemoveRange(place, length);
                break;
            case 4:
                bytes.InsertRange(place, Bytes(length, random));
                break;
            case 5:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(place, length));
                break;
            case 6:
                bytes.AddRange(Bytes(random.Next(1, 100), random));
                break;
            default:
                for (var i = 0; i < Math.Min(length, 8); i++)
                    bytes[place + i] = random.Next(2) == 0 ? (byte)0xFF : (byte)0;
                break;
        }
    }

    private static byte[] Bytes(int count, Random random)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
