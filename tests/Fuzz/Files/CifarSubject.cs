using System.IO.Compression;

namespace SparseSharp.Fuzz.Files;

/// <summary>Files of CIFAR-10 and CIFAR-100, plain and compressed.</summary>
internal sealed class CifarSubject : IFileSubject
{
    private const int Pixels = 3072;

    public string Name => "CIFAR";

    public bool Try(Random random, string folder)
    {
        var labelBytes = random.Next(1, 3);
        var path = Path.Combine(folder, "batch.bin");
        File.WriteAllBytes(path, Mutate(Pictures(random.Next(1, 4), labelBytes, random), random));
        return Refusal.IsAccepted(folder, () => _ = labelBytes == 1 ? Cifar10.Read(path) : Cifar100.Read(path, coarse: random.Next(2) == 0));
    }

    public void Dispose()
    {
    }

    private static byte[] Pictures(int count, int labelBytes, Random random)
    {
        var bytes = new byte[count * (labelBytes + Pixels)];
        random.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i % (labelBytes + Pixels) < labelBytes)
                bytes[i] = (byte)random.Next(10);
        }
        return bytes;
    }

    private static byte[] Mutate(byte[] valid, Random random) => random.Next(5) switch
    {
        0 => ByteMutator.Mutate(Compress(valid), random),
        1 => Compress(ByteMutator.Mutate(valid, random)),
        2 => ByteMutator.Mutate(valid, random),
        3 => [.. Compress(valid), .. Compress(ByteMutator.Mutate(valid, random))],
        _ => Compress(new byte[valid.Length * random.Next(1, 10_000)]),
    };

    private static byte[] Compress(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var stream = new GZipStream(memory, CompressionLevel.Fastest))
            stream.Write(bytes);
        return memory.ToArray();
    }
}
