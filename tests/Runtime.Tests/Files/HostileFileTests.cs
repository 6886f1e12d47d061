using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace SparseSharp.Runtime.Tests.Files;

/// <summary>
/// Files that were made to take memory or to break messages: a documented exception, a short line, and little more memory than the file is
/// long.
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Long = 99_000_000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string> Headers => new()
    {
        { "tensors", "more than 262144 tensors" },
        { "dimensions", "a shape of more than 64 dimensions" },
        { "name", "a name of 989" },
        { "metadata", "__metadata__ holds more than 16777216 bytes" },
        { "metadata entries", "__metadata__ holds more than 16777216 bytes or 65536 entries" },
        { "type", "the unknown dtype '…'" },
        { "field", "an unknown or repeated field '…'" },
        { "number", "a number that is negative, fractional or too large" },
        { "depth", "tensor 'a' is not an object" },
    };

    [Theory, MemberData(nameof(Headers))]
    public void A_header_of_99_megabytes_takes_little_more_memory_than_that(string kind, string message)
    {
        var bytes = Header(kind);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse(bytes, "h"));
        // What this thread allocates in all, garbage included: the peak is less, and other tests do not count.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400L << 20);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 403);
    }

    [Fact]
    public void Names_cannot_break_the_line_of_a_message()
    {
        var bytes = Compose("""{"a\u000ab\u001b[31m\u202ec\u2028":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}""", new byte[4]);
        var error = Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse(bytes, "h"));
        Assert.Equal("""h: tensor 'a\u000ab\u001b[31m\u202ec\u2028' has 4 bytes, but U8 of shape [3] needs 3.""", error.Message);
    }

    [Fact]
    public void A_tensor_of_two_gigabytes_is_not_read_where_a_small_one_belongs()
    {
        var path = _directory.File("large.safetensors");
        using (var stream = File.Create(path))
        {
            stream.Write(Compose("""{"stem.weight":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}""", []));
            stream.SetLength(stream.Position + 2_000_000_000);
        }
        using var file = SparseSharp.Files.TensorFile.Open(path);
        var layer = new Kernels.LayerDescriptor("Stem", 8, 4, false, "dense", 1);
        using var matrix = new SparseSharp.Matrices.DenseMatrix(4, 8, rounds: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SafeTensorsException>(
            () => new SparseSharp.Files.LayerReader(layer, new(file.Content, path, null)).Read([matrix], []));
        Assert.Contains("has shape [2000000000], but layer Stem", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(2_000_000_000)]
    [InlineData(70_000_000)]
    public void A_small_compressed_file_that_claims_much_takes_no_memory(uint claimed)
    {
        var header = new byte[8] { 0, 0, 8, 1, 0, 0, 0, 0 };
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), claimed);
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(header);
            for (var i = 0; i < 80; i++)
                gzip.Write(new byte[1_000_000]);
        }
        var path = _directory.Write("labels.gz", memory.ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DataFileException>(() => IdxFile.ReadLabels(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("decompress it with gunzip", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004rest of it", "a zip archive, such as a pickle")]
    [InlineData("{\"metadata\":{}}", "JSON text, such as an index")]
    [InlineData("GGUF........", "a GGUF file")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS")]
    [InlineData("<!DOCTYPE html>", "a web page")]
    public void Files_of_other_kinds_are_called_what_they_are(string content, string message)
    {
        var path = _directory.Write("file", Encoding.Latin1.GetBytes(content));
        var error = Assert.Throws<SafeTensorsException>(() => SafeTensors.Read(path));
        Assert.StartsWith($"{path}: this is no safetensors file but {message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_says_what_to_do()
    {
        var path = _directory.Write("model.pt", [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]);
        Assert.Contains("save_file", Assert.Throws<SafeTensorsException>(() => SafeTensors.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_element_types_may_stand_in_a_file()
    {
        var file = SafeTensors.Parse(Compose(
            """{"a":{"dtype":"F4","shape":[2,4],"data_offsets":[0,4]},"b":{"dtype":"X3_FANCY","shape":[5],"data_offsets":[4,7]},"c":{"dtype":"F32","shape":[1],"data_offsets":[7,11]}}""",
            [1, 2, 3, 4, 5, 6, 7, 0, 0, 0x80, 0x3F]));
        Assert.Equal((TensorType.F4, 8), (file["a"].Type, file["a"].Length));
        Assert.Equal((TensorType.Unknown, "b X3_FANCY [5]"), (file["b"].Type, file["b"].ToString()));
        Assert.Equal([1f], file["c"].ToFloats());
        Assert.Contains("has type X3_FANCY", Assert.Throws<SafeTensorsException>(file["b"].ToFloats).Message, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        file.Write(stream);
        Assert.Equal([5, 6, 7], SafeTensors.Parse(stream.ToArray())["b"].Bytes.ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", "ends within a byte of F4")]
    [InlineData("""{"a":{"dtype":"NEW","shape":[17],"data_offsets":[0,2]}}""", "which is too large")]
    [InlineData("""{"a":{"dtype":"no type","shape":[2],"data_offsets":[0,2]}}""", "the unknown dtype 'no type'")]
    public void What_no_element_type_could_have_is_refused(string header, string message) =>
        Assert.Contains(
            message, Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse(Compose(header, new byte[2]))).Message,
            StringComparison.Ordinal);

    private static byte[] Compose(string header, byte[] data) => SafeTensorsTests.Compose(header, data);

    private static byte[] Header(string kind)
    {
        var (start, unit, end) = kind switch
        {
            "tensors" => ("{", "", ""),
            "dimensions" => ("""{"a":{"dtype":"U8","shape":[""", "1,", """1],"data_offsets":[0,0]}}"""),
            "name" => ("{\"", "n", "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"),
            "metadata" => ("""{"__metadata__":{"k":""" + "\"", "v", "\"}}"),
            "metadata entries" => ("""{"__metadata__":{""", "", ""),
            "type" => ("""{"a":{"dtype":""" + "\"", "T", "\"}}"),
            "field" => ("""{"a":{""" + "\"", "f", "\":1}}"),
            "number" => ("""{"a":{"shape":[""", "9", "]}}"),
            _ => ("""{"a":""", "[", ""),
        };
        using var header = new MemoryStream(Long + 16);
        header.Write(new byte[8]);
        header.Write(Encoding.UTF8.GetBytes(start));
        for (var number = 0; unit.Length == 0 && header.Length < Long - 100; number++)
        {
            var entry = kind == "tensors" ? "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}" : "\":\"\"";
            header.Write(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(number == 0 ? "" : ",")}\"{number}{entry}")));
        }
        byte[] units = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes(unit), 10_000).SelectMany(bytes => bytes)];
        while (units.Length > 0 && header.Length < Long - units.Length)
            header.Write(units);
        header.Write(Encoding.UTF8.GetBytes(end));
        var file = header.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(file, file.Length - 8);
        return file;
    }
}
