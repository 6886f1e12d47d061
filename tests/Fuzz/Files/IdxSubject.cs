using System.Buffers.Binary;
using System.IO.Compression;

namespace SparseSharp.Fuzz.Files;

/// <summary>IDX files of images and labels, plain and compressed.</summary>
internal sealed class IdxSubject : IFileSubject
{
    public string Name => "IDX";

    public bool Try(Random random, string folder)
    {
        var isImages = random.Next(2) == 0;
        var path = Path.Combine(folder, isImages ? "images.idx" : "labels.idx");
        var valid = isImages ? IdxBytes.Images(6, 4, 3, random) : IdxBytes.Labels(6, random);
        File.WriteAllBytes(path, IdxBytes.Mutate(valid, random));
        var other = Path.Combine(folder, isImages ? "other.labels.idx" : "other.images.idx");
        File.WriteAllBytes(other, isImages ? IdxBytes.Labels(6, random) : IdxBytes.Images(6, 4, 3, random));
        return Refusal.IsAccepted(folder, () =>
        {
            if (isImages)
                IdxFile.ReadImages(path);
            else
                IdxFile.ReadLabels(path);
            Dataset.FromIdx(isImages ? path : other, isImages ? other : path);
        });
    }

    public void Dispose()
    {
    }
}

/// <summary>The four files of MNIST, one of them damaged.</summary>
internal sealed class MnistSubject : IFileSubject
{
    public string Name => "MNIST";

    public bool Try(Random random, string folder)
    {
        string[] names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
        var damaged = random.Next(names.Length);
        foreach (var (place, name) in names.Index())
        {
            var valid = place % 2 == 0 ? IdxBytes.Images(4, 5, 5, random) : IdxBytes.Labels(4, random);
            File.WriteAllBytes(Path.Combine(folder, name + (random.Next(2) == 0 ? ".gz" : "")), place == damaged
                ? IdxBytes.Mutate(valid, random)
                : valid);
        }
        return Refusal.IsAccepted(folder, () => Mnist.Load(folder));
    }

    public void Dispose()
    {
    }
}

/// <summary>Makes IDX files, and damages them.</summary>
internal static class IdxBytes
{
    private static readonly uint[] Extents =
        [0, 1, 2, 5, 7, 255, 28, 65535, 65536, 784, 1 << 20, 200_000_000, 0x7FFFFFC7, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF];

    public static byte[] Images(int count, int rows, int columns, Random random) =>
        Compose([(uint)count, (uint)rows, (uint)columns], count * rows * columns, 256, random);

    public static byte[] Labels(int count, Random random) => Compose([(uint)count], count, 10, random);

    public static byte[] Mutate(byte[] valid, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return ByteMutator.Mutate(Compress(valid), random);
            case 1:
                return Compress(ByteMutator.Mutate(valid, random));
            case 2:
                return ByteMutator.Mutate(valid, random);
            case 3 when random.Next(50) == 0:
                // Claims much more than there is, in a file that is long enough to hold it.
                var claiming = Extent(valid, random, 200_000_000);
                return [.. Compress(claiming), .. new byte[300_000]];
            case 3:
                return [.. Compress(valid), .. Compress(ByteMutator.Mutate(valid, random))];
            case 4:
                return Compress(Extent(valid, random, Extents[random.Next(Extents.Length)]));
            default:
                return Extent(valid, random, Extents[random.Next(Extents.Length)]);
        }
    }

    private static byte[] Extent(byte[] valid, Random random, uint extent)
    {
        var bytes = valid.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * random.Next(bytes[3]))), extent);
        return bytes;
    }

    private static byte[] Compose(uint[] extents, int elements, int values, Random random)
    {
        var bytes = new byte[4 + (4 * extents.Length) + elements];
        bytes[2] = 8;
        bytes[3] = (byte)extents.Length;
        foreach (var (place, extent) in extents.Index())
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * place)), extent);
        foreach (ref var value in bytes.AsSpan(4 + (4 * extents.Length)))
            value = (byte)random.Next(values);
        return bytes;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var stream = new GZipStream(memory, CompressionLevel.Fastest))
            stream.Write(bytes);
        return memory.ToArray();
    }
}
