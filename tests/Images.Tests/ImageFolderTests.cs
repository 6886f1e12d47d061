using SkiaSharp;

namespace SparseSharp.Images.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string Write(string folder, string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.Combine(_directory.Path, folder));
        return _directory.Write(Path.Combine(folder, name), bytes);
    }

    private static byte[] Plain(byte red, byte green, byte blue, int width = 3, int height = 2) =>
        Pictures.Png(width, height, (_, _) => new SKColor(red, green, blue));

    private static float[] Sample(Dataset data, int sample)
    {
        var features = new float[data.Features];
        data.Read(sample, features);
        return features;
    }

    private static string Fault(Func<object> read) => Assert.Throws<DataFileException>(read).Message;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Classes_and_files_come_in_ordinal_order(bool inMemory)
    {
        Write("dogs", "b.png", Plain(3, 0, 0));
        Write("dogs", "B.PNG", Plain(2, 0, 0));
        Write("cats", "9.jpeg", Pictures.Jpeg(3, 2, new SKColor(90, 90, 90)));
        Write("cats", "10.png", Plain(1, 0, 0));
        Write("cats", "notes.txt", [1, 2, 3]);
        _directory.Write("list.csv", [1]);
        var folder = inMemory ? ImageFolder.Load(_directory.Path) : ImageFolder.Open(_directory.Path);
        Assert.Equal(["cats", "dogs"], folder.ClassNames);
        Assert.Equal([0, 0, 1, 1], folder.Data.Labels.ToArray());
        Assert.Equal(new ImageShape(3, 2, 3), folder.Data.ImageShape);
        Assert.False(folder.Data.IsInMemory);
        Assert.Equal([1f / 255, 90f / 255, 2f / 255, 3f / 255], Enumerable.Range(0, 4).Select(i => Sample(folder.Data, i)[0]));
    }

    [Fact]
    public void Values_lie_channel_by_channel_and_row_by_row()
    {
        Write("a", "1.png", Pictures.Png(3, 2, (x, y) => new SKColor((byte)((10 * y) + x), (byte)(100 + x), (byte)(200 + y))));
        float[] expected = [0, 1, 2, 10, 11, 12, 100, 101, 102, 100, 101, 102, 200, 200, 200, 201, 201, 201];
        Assert.Equal(expected.Select(value => value / 255), Sample(ImageFolder.Open(_directory.Path).Data, 0));
        Assert.Equal(expected.Select(value => value / 255), Sample(ImageFolder.Load(_directory.Path).Data, 0));
    }

    [Fact]
    public void Grey_is_the_luma_of_a_colour()
    {
        Write("a", "1.png", Plain(255, 0, 0, 1, 1));
        Write("a", "2.png", Plain(0, 255, 0, 1, 1));
        Write("a", "3.png", Plain(0, 0, 255, 1, 1));
        Write("a", "4.png", Plain(77, 77, 77, 1, 1));
        var data = ImageFolder.Open(_directory.Path, channels: 1).Data;
        Assert.Equal(new ImageShape(1, 1, 1), data.ImageShape);
        Assert.Equal([76f / 255, 150f / 255, 29f / 255, 77f / 255], data.ToMemory().Inputs.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Open(_directory.Path, channels: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Load(_directory.Path, channels: 4));
    }

    [Fact]
    public void How_opaque_a_pixel_is_does_not_matter()
    {
        Write("a", "1.png", Pictures.Png(2, 1, (x, _) => new SKColor(200, 100, 50, (byte)(x == 0 ? 255 : 128))));
        var values = Sample(ImageFolder.Open(_directory.Path).Data, 0);
        Assert.Equal([200f / 255, 200f / 255, 100f / 255, 100f / 255, 50f / 255, 50f / 255], values);
    }

    [Fact]
    public void Test_data_take_the_classes_of_the_training_data()
    {
        Write("b", "1.png", Plain(1, 1, 1));
        Write("c", "1.png", Plain(1, 1, 1));
        var folder = ImageFolder.Open(_directory.Path, classNames: ["a", "b", "c"]);
        Assert.Equal([1, 2], folder.Data.Labels.ToArray());
        Assert.Equal(["a", "b", "c"], folder.ClassNames);
        Assert.Equal(
            $"{Path.Combine(_directory.Path, "c")}: the folder is none of the 2 classes.",
            Fault(() => ImageFolder.Load(_directory.Path, classNames: ["a", "b"])));
    }

    [Fact]
    public void Images_of_several_shapes_go_through_a_crop()
    {
        Write("a", "1.png", Plain(10, 20, 30, 40, 30));
        Write("a", "2.png", Plain(10, 20, 30, 35, 70));
        foreach (var folder in (ImageFolder[])[ImageFolder.Open(_directory.Path), ImageFolder.Load(_directory.Path)])
        {
            var cropped = folder.Data.Transform(new RandomResizedCrop(8));
            Assert.Equal(new ImageShape(3, 8, 8), cropped.ImageShape);
            for (var i = 0; i < 2; i++)
                Assert.All(Sample(cropped, i)[..64], value => Assert.Equal(10f / 255, value, 1e-5f));
            Assert.Equal(
                $"{Path.Combine(_directory.Path, "a", "2.png")}: the image has the shape 3x70x35 after its transforms, but the first one has "
                    + "3x30x40; a crop or a Resize makes all equal.",
                Fault(() => Sample(folder.Data, 1)));
        }
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        var first = Write("a", "1.png", Plain(1, 1, 1));
        var path = Write("a", "2.jpg", Pictures.Jpeg(64, 64, new SKColor(1, 2, 3)));
        var bytes = File.ReadAllBytes(path);
        foreach (var (content, message) in ((byte[], string)[])[
            (bytes[..(bytes.Length / 2)], "damaged"),
            ([], "the file is no PNG or JPEG image"),
            ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "the file is no PNG or JPEG image"),
            (Pictures.Encode(3, 2, (_, _) => SKColors.Red, SKEncodedImageFormat.Webp), "the file is a Webp image")])
        {
            File.WriteAllBytes(path, content);
            var data = ImageFolder.Open(_directory.Path).Data;
            Assert.StartsWith($"{path}: ", Fault(() => Sample(data, 1)), StringComparison.Ordinal);
            Assert.Contains(message, Fault(() => Sample(data, 1)), StringComparison.Ordinal);
            Assert.Contains(message, Fault(() => ImageFolder.Load(_directory.Path)), StringComparison.Ordinal);
        }
        var missing = ImageFolder.Open(_directory.Path).Data;
        File.Delete(path);
        Assert.Equal($"{path}: there is no such file.", Fault(() => Sample(missing, 1)));
        File.WriteAllBytes(first, [1]);
        Assert.StartsWith($"{first}: ", Fault(() => ImageFolder.Open(_directory.Path)), StringComparison.Ordinal);
    }

    /// <summary>A header of 45 bytes claims 900 million pixels.</summary>
    [Fact]
    public void An_image_that_claims_to_be_huge_takes_no_memory()
    {
        var bytes = Plain(1, 1, 1);
        var path = Write("a", "1.png", bytes);
        byte[] side = [0, 0, 0x75, 0x30];
        side.CopyTo(bytes, 16);
        side.CopyTo(bytes, 20);
        var crc = Crc32(bytes.AsSpan(12, 17));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), crc);
        File.WriteAllBytes(path, bytes);
        Assert.Equal($"{path}: the image has 30000 x 30000 pixels; at most 100000000 are read.", Fault(() => ImageFolder.Open(_directory.Path)));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Contains("there is no such directory", Fault(() => ImageFolder.Open(_directory.File("none"))), StringComparison.Ordinal);
        Assert.Contains("there are no images", Fault(() => ImageFolder.Open(_directory.Path)), StringComparison.Ordinal);
        Write("a", "1.png", Plain(1, 1, 1));
        Write("b", "1.txt", [1]);
        Assert.StartsWith(
            $"{Path.Combine(_directory.Path, "b")}: the folder of a class has no image", Fault(() => ImageFolder.Open(_directory.Path)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_has_a_limit()
    {
        for (var i = 0; i < 5; i++)
            Write("a", $"{i}.png", Plain(1, 1, 1));
        Assert.Equal(5, ImageFolder.Load(_directory.Path, memoryLimit: 5 * 18).Data.Count);
        Assert.Contains("more than the 89 bytes", Fault(() => ImageFolder.Load(_directory.Path, memoryLimit: 89)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Load(_directory.Path, memoryLimit: 0));
    }

    [Fact]
    public void A_loader_with_several_threads_reads_the_same()
    {
        for (var i = 0; i < 40; i++)
            Write($"{i % 4}", $"{i}.png", Plain((byte)i, (byte)(2 * i), (byte)(3 * i), 20, 20));
        var data = ImageFolder.Open(_directory.Path).Data.Transform(new RandomCrop(16), new Lighting());
        using var one = new BatchLoader(data, 7, seed: 3);
        using var several = new BatchLoader(data, 7, seed: 3, threads: 3);
        one.Start(1);
        several.Start(1);
        while (one.TryNext(out var expected))
        {
            Assert.True(several.TryNext(out var actual));
            Assert.Equal(expected.Inputs.ToArray(), actual.Inputs.ToArray());
            Assert.Equal(expected.Labels.ToArray(), actual.Labels.ToArray());
        }
    }

    /// <summary>Damaged files are refused, whatever the damage; none takes long or ends the process.</summary>
    [Fact]
    public void Damaged_bytes_are_refused_or_decoded()
    {
        var random = new Random(5);
        byte[][] valid = [Pictures.Png(20, 20, (x, y) => new SKColor((byte)(x * y), (byte)x, (byte)y)), Pictures.Jpeg(40, 40, SKColors.Teal)];
        var refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            var bytes = valid[round % 2].ToArray();
            for (var times = random.Next(1, 6); times > 0; times--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                ImageDecoder.Decode(bytes, "file", 3, (shape, values) => shape.Length == values.Length);
            }
            catch (DataFileException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 500, 2000);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
