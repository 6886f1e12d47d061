using System.Buffers.Binary;
using System.Text;

namespace SparseSharp.Runtime.Tests.Files;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>A file with this header and data.</summary>
    internal static byte[] Compose(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }

    private static byte[] Floats(params float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();

    private static byte[] Bytes(SafeTensors file)
    {
        using var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    [Fact]
    public void Reads_what_PyTorch_writes()
    {
        // As safetensors.torch.save_file lays it out: metadata, tensors by name, header padded with spaces to a multiple of 8.
        const string header = """{"__metadata__":{"format":"pt"},"stem.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"stem.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]}} """;
        Assert.Equal(0, header.Length % 8);
        var path = _directory.Write("torch.safetensors", Compose(header, Floats(10, 20, 1, 2, 3, 4, 5, 6)));
        var file = SafeTensors.Read(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(["stem.bias", "stem.weight"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2L, 3], file["stem.weight"].Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], file["stem.weight"].ToFloats());
        Assert.Equal([10f, 20], file["stem.bias"].ToFloats());
        Assert.Null(file.Find("head.weight"));
        Assert.Equal($"{path}: tensor 'head.weight' is missing.", Assert.Throws<SafeTensorsException>(() => file["head.weight"]).Message);
    }

    [Fact]
    public void Writes_golden_bytes()
    {
        var file = new SafeTensors(
            [NamedTensor.Of("m", [(byte)7], 1, 1), NamedTensor.Of("w", [1f, -2f], 2)],
            new Dictionary<string, string> { ["b"] = "2", ["a"] = "ä" });
        const string header = """{"__metadata__":{"a":"ä","b":"2"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"m":{"dtype":"U8","shape":[1,1],"data_offsets":[8,9]}}""";
        var length = Encoding.UTF8.GetByteCount(header);
        var padded = header + new string(' ', (8 - (length % 8)) % 8);
        Assert.Equal(Compose(padded, [.. Floats(1, -2), 7]), Bytes(file));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var path = _directory.File("all.safetensors");
        var metadata = new Dictionary<string, string> { ["epoch"] = "3", ["text"] = "\"line\"\n\u0001" };
        new SafeTensors(
            [
                NamedTensor.Of("bytes", [(byte)1, 2, 3]),
                NamedTensor.Of("numbers", [long.MinValue, -1, long.MaxValue]),
                NamedTensor.Of("floats", [float.NaN, -0f, float.Epsilon, 1.5f], 2, 2),
                NamedTensor.Of("nothing", ReadOnlySpan<float>.Empty, 0, 5),
                new NamedTensor("scalar", TensorType.F64, [], BitConverter.GetBytes(Math.PI)),
            ],
            metadata).Write(path);
        var file = SafeTensors.Read(path);
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(5, file.Tensors.Count);
        Assert.Equal([1, 2, 3], file["bytes"].Bytes.ToArray());
        Assert.Equal([long.MinValue, -1, long.MaxValue], file["numbers"].ToInt64s());
        Assert.Equal([float.NaN, -0f, float.Epsilon, 1.5f], file["floats"].ToFloats());
        Assert.Equal((0, 1), (file["nothing"].Length, file["scalar"].Length));
        Assert.Empty(file["scalar"].Shape);
        Assert.Equal((float)Math.PI, file["scalar"].ToFloats()[0]);
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData("F16", new byte[] { 0x00, 0x3C, 0x00, 0xC0 })]
    [InlineData("BF16", new byte[] { 0x80, 0x3F, 0x00, 0xC0 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 })]
    public void Other_floats_are_converted(string type, byte[] data)
    {
        var file = SafeTensors.Parse(Compose($$$"""{"x":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,{{{data.Length}}}]}}""", data));
        Assert.Equal([1f, -2], file["x"].ToFloats());
        Assert.Contains("expected I64", Assert.Throws<SafeTensorsException>(() => file["x"].ToInt64s()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("I8", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("U16", 2)]
    [InlineData("I32", 4)]
    [InlineData("U64", 8)]
    public void Other_types_are_readable_as_bytes(string type, int size)
    {
        var data = Enumerable.Range(1, 3 * size).Select(i => (byte)i).ToArray();
        var tensor =
            SafeTensors.Parse(Compose($$$"""{"x":{"dtype":"{{{type}}}","shape":[3],"data_offsets":[0,{{{data.Length}}}]}}""", data))["x"];
        Assert.Equal(data, tensor.Bytes.ToArray());
        Assert.Equal(3, tensor.Length);
        Assert.Contains($"'x' has type {type}", Assert.Throws<SafeTensorsException>(tensor.ToFloats).Message, StringComparison.Ordinal);
        if (type == "I32")
            Assert.Equal([0x04030201, 0x08070605, 0x0C0B0A09], tensor.ToInt64s());
    }

    [Fact]
    public void Names_must_differ_and_shapes_must_fit()
    {
        Assert.Throws<ArgumentException>(() => new SafeTensors([NamedTensor.Of("a", [1f]), NamedTensor.Of("a", [2f])]));
        Assert.Throws<ArgumentException>(() => new SafeTensors([NamedTensor.Of("__metadata__", [1f])]));
        Assert.Throws<ArgumentException>(() => NamedTensor.Of("", [1f]));
        Assert.Throws<ArgumentException>(() => NamedTensor.Of("a", [1f], 2));
        Assert.Throws<ArgumentException>(() => NamedTensor.Of("a", [1f], -1, -1));
        Assert.Throws<SafeTensorsException>(() => NamedTensor.Of("a", [1f]).CopyTo(new float[2]));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        var path = _directory.File("model.safetensors");
        new SafeTensors([NamedTensor.Of("a", [1f])]).Write(path);
        var old = File.ReadAllBytes(path);
        Assert.Throws<InvalidOperationException>(() => SparseSharp.Files.AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException("the power is gone");
        }));
        Assert.Equal(old, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
        new SafeTensors([NamedTensor.Of("a", [2f])]).Write(path);
        Assert.Equal(2f, SafeTensors.Read(path)["a"].ToFloats()[0]);
    }

    [Fact]
    public void Until_the_end_of_a_write_the_old_file_is_there()
    {
        var path = _directory.Write("file", [1, 2, 3]);
        SparseSharp.Files.AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1 << 20]);
            Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
            Assert.Equal(_directory.Path, Path.GetDirectoryName(Directory.GetFiles(_directory.Path).Single(file => file != path)));
        });
        Assert.Equal(1 << 20, new FileInfo(path).Length);
    }

    [Fact]
    public void A_missing_file_and_a_directory_are_reported()
    {
        var path = _directory.File("none.safetensors");
        Assert.Equal($"{path}: there is no such file.", Assert.Throws<SafeTensorsException>(() => SafeTensors.Read(path)).Message);
        Assert.Contains(
            "cannot be read", Assert.Throws<SafeTensorsException>(() => SafeTensors.Read(_directory.Path)).Message,
            StringComparison.Ordinal);
    }
}
