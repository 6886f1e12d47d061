using System.Buffers.Binary;

namespace SparseSharp.Models.Tests.Samples;

/// <summary>A temporary directory with a few synthetic digits as the four files of MNIST.</summary>
internal sealed class IdxDirectory : IDisposable
{
    private const byte UnsignedByte = 8;

    public IdxDirectory(int trainImages, int testImages)
    {
        Write("train", SyntheticDigits.Generate(trainImages, seed: 1));
        Write("t10k", SyntheticDigits.Generate(testImages, seed: 2));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("idx-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Write(string set, Dataset data)
    {
        var pixels = data.Inputs.ToArray().Select(ink => (byte)MathF.Round(255 * ink));
        var labels = data.Labels.ToArray().Select(label => (byte)label);
        WriteFile($"{set}-images-idx3-ubyte", [data.Count, SyntheticDigits.Size, SyntheticDigits.Size], pixels);
        WriteFile($"{set}-labels-idx1-ubyte", [data.Count], labels);
    }

    private void WriteFile(string name, int[] shape, IEnumerable<byte> elements)
    {
        var header = new byte[4 + (4 * shape.Length)];
        header[2] = UnsignedByte;
        header[3] = (byte)shape.Length;
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), shape[i]);
        System.IO.File.WriteAllBytes(File(name), [.. header, .. elements]);
    }
}
