using System.IO.Compression;

namespace SparseSharp.Runtime.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    /// <summary>Two images of 2 rows and 3 columns.</summary>
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 6, 7, 8, 9, 10, 11];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 1];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_golden_bytes_whatever_the_name(bool compressed)
    {
        var images = IdxFile.ReadImages(_directory.Write(compressed ? "images" : "images.gz", compressed ? Gzip(Images) : Images));
        Assert.Equal((2, 2, 3), (images.Count, images.Rows, images.Columns));
        Assert.Equal(Images[16..], images.Pixels);
        Assert.Equal([7, 1], IdxFile.ReadLabels(_directory.Write("labels", compressed ? Gzip(Labels) : Labels)));
    }

    [Fact]
    public void Pixels_become_features_from_zero_to_one()
    {
        var data = Dataset.FromIdx(_directory.Write("i", Images), _directory.Write("l", Labels));
        Assert.Equal((2, 6, 8), (data.Count, data.Features, data.Classes));
        Assert.Equal([0, 0.2f, 0.4f, 0.6f, 0.8f, 1], data.Input(0).ToArray());
        Assert.Equal([7, 1], data.Labels.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_truncation_is_reported(bool compressed)
    {
        for (var length = 0; length < Images.Length; length++)
        {
            var part = Images[..length];
            var path = _directory.Write("part", compressed ? Gzip(part) : part);
            var error = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(path));
            Assert.StartsWith($"{path}: the file is truncated", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Truncated_compressed_bytes_are_reported_unless_the_content_is_whole()
    {
        var whole = Gzip(Images);
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _directory.Write("part", whole[..length]);
            var error = Record.Exception(() => Assert.Equal(Images[16..], IdxFile.ReadImages(path).Pixels));
            // The last 8 bytes are checksum and length, before them stands the mark of the end.
            if (error is null)
                Assert.True(length > whole.Length - 10);
            else
                Assert.StartsWith($"{path}: ", Assert.IsType<DataFileException>(error).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_bit_in_compressed_content_is_reported()
    {
        var bytes = Gzip(Images);
        bytes[^6] ^= 1;
        AssertFault(bytes, "compressed data are damaged");
    }

    [Theory]
    [InlineData(0, 1, "not an IDX file: it begins with 01 00")]
    [InlineData(2, 0x0D, "IDX type 0D")]
    [InlineData(3, 1, "1 dimensions, but images have 3; is it the right file?")]
    [InlineData(7, 0, "dimension 0 of the header is 0, which is empty")]
    [InlineData(7, 3, "truncated: 3 x 2 x 3 elements need 34 bytes, but there are 28")]
    [InlineData(7, 1, "1 x 2 x 3 elements need 22 bytes, but the file goes on behind them")]
    [InlineData(4, 0x80, "dimension 0 of the header is 2147483650, which is too large")]
    [InlineData(12, 0x7F, "dimension 2 of the header is 2130706435, which is too large")]
    public void A_wrong_header_is_reported(int position, byte value, string message)
    {
        var bytes = (byte[])Images.Clone();
        bytes[position] = value;
        AssertFault(bytes, message);
    }

    [Fact]
    public void Compressed_content_of_another_length_is_reported()
    {
        AssertFault(Gzip([.. Images, 0]), "the file goes on behind them");
        var bytes = (byte[])Images.Clone();
        (bytes[4], bytes[5]) = (0x10, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertFault(Gzip(bytes), "decompress it with gunzip");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void A_missing_file_and_a_directory_are_reported()
    {
        Assert.Contains(
            "there is no such file", Assert.Throws<DataFileException>(() => IdxFile.ReadLabels(_directory.File("none"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "cannot be read", Assert.Throws<DataFileException>(() => IdxFile.ReadLabels(_directory.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_other_images_are_reported()
    {
        var images = _directory.Write("i", Images);
        var labels = _directory.Write("l", [0, 0, 8, 1, 0, 0, 0, 3, 7, 1, 2]);
        var error = Assert.Throws<DataFileException>(() => Dataset.FromIdx(images, labels));
        Assert.Contains("3 labels, but 2 images", error.Message, StringComparison.Ordinal);
    }

    private void AssertFault(byte[] bytes, string message)
    {
        var path = _directory.Write("bad", bytes);
        var error = Assert.Throws<DataFileException>(() => IdxFile.ReadImages(path));
        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
