using System.IO.Compression;

namespace SparseSharp.Runtime.Tests.Data;

public sealed class CifarTests : IDisposable
{
    private const int Pixels = 3072;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Pictures whose pixels tell their place and number.</summary>
    private static byte[] Pictures(params byte[][] labels)
    {
        using var bytes = new MemoryStream();
        foreach (var (number, label) in labels.Index())
        {
            bytes.Write(label);
            for (var i = 0; i < Pixels; i++)
                bytes.WriteByte((byte)((7 * number) + i));
        }
        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_gives_pictures_channel_by_channel(bool compressed)
    {
        var bytes = Pictures([3], [9]);
        var data = Cifar10.Read(_directory.Write("batch", compressed ? Gzip(bytes) : bytes));
        Assert.Equal((2, Pixels, 10, new ImageShape(3, 32, 32)), (data.Count, data.Features, data.Classes, data.ImageShape!.Value));
        Assert.Equal([3, 9], data.Labels.ToArray());
        Assert.Equal(
            Enumerable.Range(0, 2 * Pixels).Select(i => (byte)((7 * (i / Pixels)) + (i % Pixels)) / 255f),
            data.ToMemory().Inputs.ToArray());
    }

    [Fact]
    public void The_labels_of_cifar_100_are_coarse_or_fine()
    {
        var path = _directory.Write("train.bin", Pictures([19, 99], [0, 98]));
        _directory.Write("test.bin.gz", Gzip(Pictures([1, 2])));
        Assert.Equal([99, 98], Cifar100.Read(path).Labels.ToArray());
        Assert.Equal([19, 0], Cifar100.Read(path, coarse: true).Labels.ToArray());
        var (train, test) = Cifar100.Load(_directory.Path);
        Assert.Equal((2, 1), (train.Count, test.Count));
        Assert.Equal([2], test.Labels.ToArray());
        Assert.Equal(254 / 255f, train.ToMemory().Input(0)[254]);
    }

    [Fact]
    public void The_training_batches_come_in_order()
    {
        for (var batch = 5; batch > 0; batch--)
        {
            var bytes = Pictures([(byte)batch], [(byte)(batch + 1)]);
            if (batch % 2 == 0)
                _directory.Write($"data_batch_{batch}.bin.gz", Gzip(bytes));
            else
                _directory.Write($"data_batch_{batch}.bin", bytes);
        }
        Assert.StartsWith(
            $"{_directory.File("test_batch.bin")}: there is no such file, also not as test_batch.bin.gz; the directory should hold data_batch_1.bin",
            Fault(() => Cifar10.Load(_directory.Path)), StringComparison.Ordinal);
        _directory.Write("test_batch.bin", Pictures([8]));
        var (train, test) = Cifar10.Load(_directory.Path);
        Assert.Equal([1, 2, 2, 3, 3, 4, 4, 5, 5, 6], train.Labels.ToArray());
        Assert.Equal([8], test.Labels.ToArray());
        File.Delete(_directory.File("data_batch_4.bin.gz"));
        Assert.Contains("data_batch_4.bin: there is no such file", Fault(() => Cifar10.Load(_directory.Path)), StringComparison.Ordinal);
        Assert.Contains("no such directory", Fault(() => Cifar100.Load(_directory.File("nowhere"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3072)]
    [InlineData(3074)]
    [InlineData(6145)]
    [InlineData(6147)]
    public void A_file_of_another_length_is_reported(int length)
    {
        var bytes = new byte[length];
        foreach (var content in (byte[][])[bytes, Gzip(bytes)])
        {
            var path = _directory.Write("bad", content);
            Assert.StartsWith(
                $"{path}: {length} bytes are no whole pictures of CIFAR-10, which have 3073 bytes each",
                Fault(() => Cifar10.Read(path)), StringComparison.Ordinal);
        }
    }

    /// <summary>A file of the other CIFAR, or of anything else, gives labels that are none.</summary>
    [Fact]
    public void A_label_that_is_none_is_reported()
    {
        var path = _directory.Write("bad", Pictures([0], [10]));
        Assert.Equal(
            $"{path}: picture 1 has the label 10, but labels of CIFAR-10 are 0 to 9; is it the right file?", Fault(() => Cifar10.Read(path)));
        path = _directory.Write("bad100", Pictures([20, 99]));
        Assert.Equal([99], Cifar100.Read(path).Labels.ToArray());
        Assert.Contains("the label 20, but labels of CIFAR-100 are 0 to 19", Fault(() => Cifar100.Read(path, coarse: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_does_not_fit_is_found_before_memory_is_taken()
    {
        var path = _directory.File("large");
        using (var file = File.Create(path))
            file.SetLength(1L << 40);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains($"{1L << 40} bytes are no whole pictures", Fault(() => Cifar10.Read(path)), StringComparison.Ordinal);
        using (var file = File.Create(path))
            file.SetLength(3073L << 30);
        Assert.Contains("more pictures than fit", Fault(() => Cifar10.Read(path)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_compressed_file_is_read_up_to_a_limit()
    {
        var more = Cifar10.Read(_directory.Write("more", Gzip(new byte[3073 * 10_001])));
        Assert.Equal(10_001, more.Count);
        var path = _directory.Write("most", Gzip(new byte[3073 * 21_900]));
        Assert.Contains("decompress it with gunzip", Fault(() => Cifar10.Read(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_compressed_bytes_are_reported()
    {
        var bytes = Gzip(Pictures([1]));
        bytes[^6] ^= 1;
        var path = _directory.Write("bad", bytes);
        Assert.Contains("compressed data are damaged", Fault(() => Cifar10.Read(path)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Reads_the_real_files()
    {
        var directory = SharedData.Find("cifar10");
        Skip.If(directory is null, "The files of CIFAR-10 are not there.");
        var train = Cifar10.Read(Path.Combine(directory, "data_batch_1.bin.gz"));
        Assert.Equal((10_000, 10), (train.Count, train.Classes));
        Assert.Equal(
            [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981],
            train.Labels.ToArray().CountBy(label => label).OrderBy(count => count.Key).Select(count => count.Value));
        Assert.Equal([6, 9, 9, 4, 1], train.Labels[..5].ToArray());
        var standardization = ChannelStandardization.Of(train);
        Assert.All((float[])[0.4913f, 0.4821f, 0.4465f], (mean, channel) => Assert.Equal(mean, standardization.Means[channel], 0.004f));
        Assert.All((float[])[0.2452f, 0.2428f, 0.2606f], (d, channel) => Assert.Equal(d, standardization.Deviations[channel], 0.004f));

        var original = Cifar10.Read(Path.Combine(directory, "original_2000.bin.gz"));
        Assert.Equal(2000, original.Count);
        Assert.Equal(train.Labels[..2000].ToArray(), original.Labels.ToArray());
        var (a, b) = (new float[2000 * Pixels], new float[2000 * Pixels]);
        train.Read(0, a);
        original.Read(0, b);
        // The copies are JPEG files: near the original pixels, but not the same.
        Assert.InRange(a.Zip(b, (x, y) => 255.0 * 255 * (x - y) * (x - y)).Average(), 40, 80);
        Assert.Equal(10_000, Cifar10.Read(Path.Combine(directory, "test_batch.bin.gz")).Count);
        Assert.Contains("data_batch_2.bin", Fault(() => Cifar10.Load(directory)), StringComparison.Ordinal);
    }

    private static string Fault(Func<object> read) => Assert.Throws<DataFileException>(read).Message;
}
