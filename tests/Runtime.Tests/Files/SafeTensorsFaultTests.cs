using System.Buffers.Binary;
using System.Text;

namespace SparseSharp.Runtime.Tests.Files;

/// <summary>Damaged files: always a <see cref="SafeTensorsException"/> of one line, never much memory.</summary>
public class SafeTensorsFaultTests
{
    [Theory]
    [InlineData("", "does not begin with '{'")]
    [InlineData(" {}", "does not begin with '{'")]
    [InlineData("[]", "does not begin with '{'")]
    [InlineData("{", "is not valid JSON")]
    [InlineData("{}x", "the end of the header is not valid JSON")]
    [InlineData("""{"a":1}""", "tensor 'a' is not an object")]
    [InlineData("""{"a":{}}""", "tensor 'a' lacks dtype, shape or data_offsets")]
    [InlineData("""{"":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "tensor '' has no name")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"stride":[1]}}""", "tensor 'a' has an unknown or repeated field 'stride'")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "unknown or repeated field 'dtype'")]
    [InlineData("""{"a":{"dtype":"q4","shape":[4],"data_offsets":[0,4]}}""", "tensor 'a' has the unknown dtype 'q4'")]
    [InlineData("""{"a":{"dtype":7,"shape":[4],"data_offsets":[0,4]}}""", "a dtype that is not a string")]
    [InlineData("""{"a":{"dtype":"U8","shape":4,"data_offsets":[0,4]}}""", "a shape that is not a list")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""", "a shape with a number that is negative")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4.5],"data_offsets":[0,4]}}""", "a shape with a number that is negative, fractional")]
    [InlineData("""{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]}}""", "or too large")]
    [InlineData("""{"a":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}""", "a shape that does not consist of numbers")]
    [InlineData(
        """{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""",
        "tensor 'a' has shape [4294967296, 4294967296], which is too large")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}""", "1 data_offsets instead of 2")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", "tensor 'a' ends at 0, before it begins at 4")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}""", "tensor 'a' ends at byte 5 of the data, but the file holds only 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}""", "tensor 'a' has 4 bytes, but U8 of shape [3] needs 3")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "1 bytes at the end belong to no tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "tensor 'a' begins at 1, which leaves a gap after 0")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "tensor 'b' begins at 2, inside the tensor before it, which ends at 4")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""",
        "'a' appears twice")]
    [InlineData("""{"__metadata__":[],"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "__metadata__ is not an object")]
    [InlineData(
        """{"__metadata__":{"k":1},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""",
        "__metadata__ holds 'k', which is not a string")]
    [InlineData(
        """{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "__metadata__ holds 'k' twice")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "is not valid JSON")]
    [InlineData("""{"a\nb":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}""", "tensor 'a\\u000ab' has 4 bytes")]
    public void A_wrong_header_is_reported(string header, string message)
    {
        var error =
            Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse(SafeTensorsTests.Compose(header, new byte[4]), "m.safetensors"));
        Assert.StartsWith("m.safetensors: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(error.Message.Length < 500);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_reported()
    {
        var bytes = SafeTensorsTests.Compose("""{"ab":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", new byte[4]);
        (bytes[10], bytes[11]) = (0xC3, 0x28);
        Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse(bytes));
    }

    [Theory]
    [InlineData(ulong.MaxValue, "more than the limit")]
    [InlineData(100_000_001, "more than the limit")]
    [InlineData(100_000_000, "the file is truncated")]
    [InlineData(1000, "the file is truncated")]
    public void A_wrong_header_length_takes_no_memory(ulong length, string message)
    {
        var bytes = SafeTensorsTests.Compose("{}", new byte[4]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_reported()
    {
        var whole = Sample();
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse(whole.AsMemory(0, length)));
        Assert.Throws<SafeTensorsException>(() => SafeTensors.Parse((byte[])[.. whole, 0]));
        SafeTensors.Parse(whole);
    }

    /// <summary>Any damage of a few bytes either is reported or leaves a file that is valid by itself (other data, other names).</summary>
    [Fact]
    public void Random_damage_is_reported_or_harmless()
    {
        var whole = Sample();
        var random = new Random(5);
        var reported = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = SafeTensors.Parse(bytes);
                Assert.True(file.Tensors.Sum(tensor => tensor.Bytes.Length) <= bytes.Length);
            }
            catch (SafeTensorsException error)
            {
                reported++;
                Assert.DoesNotContain('\n', error.Message);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
        Assert.True(reported > 10_000, $"{reported} reported.");
    }

    private static byte[] Sample()
    {
        using var stream = new MemoryStream();
        new SafeTensors(
            [NamedTensor.Of("stem.weight", new float[12], 4, 3), NamedTensor.Of("stem.bias", new float[4]),
                NamedTensor.Of("mask", Encoding.ASCII.GetBytes("abc"))],
            new Dictionary<string, string> { ["format"] = "1" }).Write(stream);
        return stream.ToArray();
    }
}
