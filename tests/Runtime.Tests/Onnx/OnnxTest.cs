using System.Formats.Tar;
using System.IO.Compression;
using SparseSharp.Runtime.Tests.Data;

namespace SparseSharp.Runtime.Tests.Onnx;

/// <summary>A tensor of a test.</summary>
internal sealed record OnnxTensor(int[] Dimensions, float[] Values)
{
    private const int Float = 1;

    /// <summary>Null where the tensor has no floats.</summary>
    public static OnnxTensor? Read(OnnxMessage message)
    {
        const int dimensions = 1, type = 2, floats = 4, raw = 9;
        if (message.Numbers(type).FirstOrDefault() != Float)
            return null;
        var bytes = message.Bytes(raw);
        var values = bytes.Length > 0 ? new float[bytes.Length / 4] : message.Floats(floats);
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return new([.. message.Numbers(dimensions).Select(size => (int)size)], values);
    }
}

/// <summary>A test of ONNX that is one node: its attributes, the tensors that it gets and those that it should give.</summary>
internal sealed class OnnxTest
{
    private readonly Dictionary<string, OnnxMessage> _attributes;

    private OnnxTest(string name, OnnxMessage node, OnnxTensor?[] inputs, OnnxTensor?[] outputs)
    {
        const int attribute = 5, attributeName = 1, operatorType = 4, domain = 7;
        (Name, Inputs, Outputs) = (name, inputs, outputs);
        Operator = node.Text(domain) is "" or "ai.onnx" ? node.Text(operatorType) : "";
        _attributes = node.Messages(attribute).ToDictionary(message => message.Text(attributeName));
    }

    public string Name { get; }

    public string Operator { get; }

    /// <summary>By their order; null for those that have no floats.</summary>
    public OnnxTensor?[] Inputs { get; }

    public OnnxTensor?[] Outputs { get; }

    /// <summary>All tests of a file that are one node; empty where the file is not there.</summary>
    public static IReadOnlyList<OnnxTest> All()
    {
        if (SharedData.Find("onnx") is not { } directory)
            return [];
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        using var stream = new GZipStream(File.OpenRead(Path.Combine(directory, "onnx-backend-tests.tar.gz")), CompressionMode.Decompress);
        using var archive = new TarReader(stream);
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } content)
                continue;
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            files.Add(entry.Name.TrimStart('.', '/'), bytes.ToArray());
        }
        return [.. files.Keys.Where(file => file.EndsWith("/model.onnx", StringComparison.Ordinal)).Select(Read).OfType<OnnxTest>()];

        OnnxTest? Read(string model)
        {
            const int graph = 7, node = 1, initializer = 5, inputs = 1, tensorName = 8;
            var folder = model[..^"/model.onnx".Length];
            var content = new OnnxMessage(files[model]).Messages(graph).Single();
            var nodes = content.Messages(node).ToArray();
            if (nodes.Length != 1)
                return null;
            var given = Tensors("input").ToArray();
            var constants = content.Messages(initializer).ToDictionary(message => message.Text(tensorName), OnnxTensor.Read);
            var next = 0;
            var operands = nodes[0].Texts(inputs)
                .Select(name => name.Length == 0 ? null
                    : constants.TryGetValue(name, out var constant) ? constant
                    : next < given.Length ? given[next++]
                    : null)
                .ToArray();
            return new(folder, nodes[0], operands, [.. Tensors("output")]);

            IEnumerable<OnnxTensor?> Tensors(string kind)
            {
                for (var index = 0; files.TryGetValue($"{folder}/test_data_set_0/{kind}_{index}.pb", out var file); index++)
                    yield return OnnxTensor.Read(new(file));
            }
        }
    }

    /// <summary>Whole numbers of an attribute.</summary>
    public int[] Numbers(string attribute, params int[] otherwise)
    {
        const int many = 8;
        return _attributes.TryGetValue(attribute, out var message) ? [.. message.Numbers(many).Select(number => (int)number)] : otherwise;
    }

    public int Number(string attribute, int otherwise)
    {
        const int one = 3;
        return _attributes.TryGetValue(attribute, out var message) ? (int)message.Numbers(one).FirstOrDefault() : otherwise;
    }

    public float Float(string attribute, float otherwise)
    {
        const int one = 2;
        return _attributes.TryGetValue(attribute, out var message) ? message.Floats(one).FirstOrDefault() : otherwise;
    }

    public string Text(string attribute, string otherwise)
    {
        const int text = 4;
        return _attributes.TryGetValue(attribute, out var message) ? message.Text(text) : otherwise;
    }
}
