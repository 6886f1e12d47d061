using System.Formats.Tar;
using System.IO.Compression;
using SkiaSharp;

namespace SparseSharp.Images.Tests;

public sealed class Cifar10JpegTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static byte[] Picture(byte grey, int side = 32) => Pictures.Jpeg(side, side, new SKColor(grey, grey, grey));

    private void WriteFolders(params (string Name, byte[] File)[] files)
    {
        foreach (var (name, file) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_directory.File(name))!);
            _directory.Write(name, file);
        }
    }

    private string WriteArchive(params (string Name, byte[] File)[] files)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        using (var archive = new TarWriter(gzip))
        {
            foreach (var (name, file) in files)
                archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(file) });
        }
        return _directory.Write("cifar10-jpeg.tar.gz", memory.ToArray());
    }

    private string Fault() => Assert.Throws<DataFileException>(() => Cifar10Jpeg.Load(_directory.Path)).Message;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pictures_come_in_their_original_order(bool archived)
    {
        (string, byte[])[] files =
        [
            ("train/00002-3.jpg", Picture(20)), ("train/00000-9.jpg", Picture(0)), ("train/00001-0.jpg", Picture(10)),
            ("test/00000-5.jpg", Picture(50)),
        ];
        Assert.False(Cifar10Jpeg.IsIn(_directory.Path));
        if (archived)
            WriteArchive(files);
        else
            WriteFolders(files);
        Assert.True(Cifar10Jpeg.IsIn(_directory.Path));
        var (train, test) = Cifar10Jpeg.Load(_directory.Path);
        Assert.Equal([9, 0, 3], train.Labels.ToArray());
        Assert.Equal([5], test.Labels.ToArray());
        Assert.Equal(new ImageShape(3, 32, 32), train.ImageShape);
        var values = train.ToMemory().Inputs.ToArray().Chunk(3072).ToArray();
        for (var i = 0; i < 3; i++)
            Assert.All(values[i], value => Assert.Equal(10 * i, 255 * value, 1.5f));
    }

    [Theory]
    [InlineData("train/00001-0.png", "a picture is named by its place and its class")]
    [InlineData("train/00001-10.jpg", "a picture is named by its place and its class")]
    [InlineData("train/1.jpg", "a picture is named by its place and its class")]
    [InlineData("train/-1-0.jpg", "a picture is named by its place and its class")]
    [InlineData("other/00001-0.jpg", "pictures are in train and test")]
    [InlineData("train/00000-1.jpg", "picture 1 is missing, or another one is there twice")]
    [InlineData("train/00002-1.jpg", "picture 1 is missing")]
    public void Another_name_is_reported(string name, string message)
    {
        WriteArchive(("train/00000-0.jpg", Picture(1)), (name, Picture(2)), ("test/00000-0.jpg", Picture(3)));
        Assert.Contains(message, Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_content_is_reported()
    {
        WriteArchive(("train/00000-0.jpg", Picture(1, side: 31)), ("test/00000-0.jpg", Picture(3)));
        Assert.Contains("train/00000-0.jpg: the picture has 31 x 31 pixels", Fault(), StringComparison.Ordinal);
        WriteArchive(("train/00000-0.jpg", [1, 2, 3]), ("test/00000-0.jpg", Picture(3)));
        Assert.Contains("train/00000-0.jpg: the file is no PNG or JPEG image", Fault(), StringComparison.Ordinal);
        WriteArchive(("train/00000-0.jpg", new byte[2 << 20]));
        Assert.Contains("2097152 bytes, which is too large", Fault(), StringComparison.Ordinal);
        WriteArchive(("train/00000-0.jpg", Picture(3)));
        Assert.Contains("test: there are no pictures", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_or_damaged_is_named()
    {
        Assert.Contains("no such directory", Fault(), StringComparison.Ordinal);
        WriteFolders(("train/00000-0.jpg", Picture(1)));
        Assert.Contains("test: there is no such directory, and no cifar10-jpeg.tar.gz", Fault(), StringComparison.Ordinal);
        var path = WriteArchive(("train/00000-0.jpg", Picture(1)), ("test/00000-0.jpg", Picture(3)));
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length - 10; length += 7)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.StartsWith(_directory.Path, Fault(), StringComparison.Ordinal);
        }
        Assert.Throws<DataFileException>(() => Cifar10Jpeg.Load(_directory.File("none")));
    }

    /// <summary>Our decoder gives the pixels of the binary files, which another one decoded.</summary>
    [SkippableFact]
    public void Reads_the_real_copies()
    {
        var directory = SharedData.Find("cifar10");
        Skip.If(directory is null, "The copies of CIFAR-10 are not there.");
        var (train, test) = Cifar10Jpeg.Load(directory);
        Assert.Equal((50_000, 10_000), (train.Count, test.Count));
        Assert.All(train.Labels.ToArray().CountBy(label => label), count => Assert.Equal(5000, count.Value));
        Assert.All(test.Labels.ToArray().CountBy(label => label), count => Assert.Equal(1000, count.Value));
        AssertNear(Cifar10.Read(Path.Combine(directory, "data_batch_1.bin.gz")), train);
        AssertNear(Cifar10.Read(Path.Combine(directory, "test_batch.bin.gz")), test);
        var standardization = ChannelStandardization.Of(train);
        Assert.All((float[])[0.4913f, 0.4821f, 0.4465f], (mean, channel) => Assert.Equal(mean, standardization.Means[channel], 0.0001f));
        Assert.All((float[])[0.2452f, 0.2428f, 0.2606f], (d, channel) => Assert.Equal(d, standardization.Deviations[channel], 0.0001f));
    }

    private static void AssertNear(Dataset expected, Dataset actual)
    {
        Assert.Equal(expected.Labels.ToArray(), actual.Labels[..expected.Count].ToArray());
        var (a, b) = (new float[expected.Features], new float[expected.Features]);
        for (var i = 0; i < expected.Count; i += 10)
        {
            expected.Read(i, a);
            actual.Read(i, b);
            for (var j = 0; j < a.Length; j++)
                Assert.Equal(a[j], b[j], 4f / 255);
        }
    }
}
