namespace SparseSharp.Benchmarks.Peers.Onnx;

/// <summary>
/// Builds the ONNX file of a network with the weights of a model of ours. Layers are named by their path in the model; a value is the name
/// that ONNX knows it by.
/// </summary>
internal sealed class OnnxGraph
{
    public const string Input = "input";
    public const string Output = "output";

    private const int IrVersion = 8;
    private const int OperatorSet = 13;
    private const int FloatType = 1;
    private const int LongType = 7;

    private readonly ProtobufWriter _graph = new();
    private readonly Dictionary<string, ILayer> _layers;
    private int _values;

    /// <param name="layers">The layers of the model by their paths.</param>
    public OnnxGraph(Dictionary<string, ILayer> layers) => _layers = layers;

    public string Convolve(string x, string path)
    {
        var layer = (Conv2d)_layers[path];
        var window = layer.Window;
        var weight = new float[layer.WeightCount];
        layer.CopyEffectiveWeight(weight);
        string[] operands = [x, Tensor(weight, layer.Outputs, layer.Inputs / window.Groups, window.KernelRows, window.KernelColumns)];
        return Node(
            "Conv", layer.HasBias ? [.. operands, Tensor(layer.Bias, layer.Outputs)] : operands,
            Longs("kernel_shape", window.KernelRows, window.KernelColumns), Longs("strides", window.StrideRows, window.StrideColumns),
            Longs("pads", window.Top, window.Left, window.Bottom, window.Right), Long("group", window.Groups));
    }

    public string Normalise(string x, string path)
    {
        var layer = (BatchNorm2d)_layers[path];
        var channels = layer.Features;
        return Node(
            "BatchNormalization",
            [
                x, Tensor(layer.Weight, channels), Tensor(layer.Bias, channels), Tensor(layer.RunningMean, channels),
                Tensor(layer.RunningVariance, channels),
            ],
            Float("epsilon", (float)layer.Options.Epsilon));
    }

    public string Multiply(string x, string path)
    {
        var layer = (Linear)_layers[path];
        var weight = new float[layer.WeightCount];
        layer.CopyEffectiveWeight(weight);
        return Node(
            "Gemm", [x, Tensor(weight, layer.Outputs, layer.Inputs), Tensor(layer.Bias, layer.Outputs)], Long("transB", 1));
    }

    public string Relu(string x) => Node("Relu", [x]);

    public string Add(string a, string b) => Node("Add", [a, b]);

    public string MaxPool(string x, int kernel, int stride, int padding) => Node(
        "MaxPool", [x], Longs("kernel_shape", kernel, kernel), Longs("strides", stride, stride),
        Longs("pads", padding, padding, padding, padding));

    /// <summary>The means of the channels, as a vector.</summary>
    public string Average(string x) => Node("Flatten", [Node("GlobalAveragePool", [x])]);

    /// <summary>Each second row and column, then channels of zeros before and behind.</summary>
    public string Shortcut(string x, int zeros)
    {
        var picked = Node("Slice", [x, Tensor(0, 0), Tensor(int.MaxValue, int.MaxValue), Tensor(2, 3), Tensor(2, 2)]);
        return Node("Pad", [picked, Tensor(0, zeros, 0, 0, 0, zeros, 0, 0)]);
    }

    /// <summary>The file.</summary>
    /// <param name="output">The value that the network returns.</param>
    /// <param name="input">The shape of its input.</param>
    public byte[] ToFile(string output, params int[] input)
    {
        _graph.Message(1, new ProtobufWriter().Text(1, output).Text(2, Output).Text(4, "Identity"));
        _graph.Text(2, "network");
        _graph.Message(11, ValueInfo(Input, input));
        _graph.Message(12, ValueInfo(Output, []));
        return new ProtobufWriter()
            .Number(1, IrVersion)
            .Message(8, new ProtobufWriter().Text(1, "").Number(2, OperatorSet))
            .Message(7, _graph)
            .ToArray();
    }

    private static ProtobufWriter ValueInfo(string name, int[] dimensions)
    {
        var type = new ProtobufWriter().Number(1, FloatType);
        if (dimensions.Length > 0)
        {
            var shape = new ProtobufWriter();
            foreach (var dimension in dimensions)
                shape.Message(1, new ProtobufWriter().Number(1, dimension));
            type.Message(2, shape);
        }
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, type));
    }

    private string Node(string operation, string[] operands, params ProtobufWriter[] attributes)
    {
        var name = $"v{_values++}";
        var node = new ProtobufWriter();
        foreach (var operand in operands)
            node.Text(1, operand);
        node.Text(2, name).Text(4, operation);
        foreach (var attribute in attributes)
            node.Message(5, attribute);
        _graph.Message(1, node);
        return name;
    }

    private string Tensor(ReadOnlySpan<float> values, params int[] dimensions)
    {
        var tensor = Header(FloatType, dimensions, out var name).Floats(9, values);
        _graph.Message(5, tensor);
        return name;
    }

    private string Tensor(params long[] values)
    {
        var tensor = Header(LongType, [values.Length], out var name).Longs(9, values);
        _graph.Message(5, tensor);
        return name;
    }

    private ProtobufWriter Header(int type, int[] dimensions, out string name)
    {
        name = $"v{_values++}";
        var tensor = new ProtobufWriter();
        foreach (var dimension in dimensions)
            tensor.Number(1, dimension);
        return tensor.Number(2, type).Text(8, name);
    }

    private static ProtobufWriter Float(string name, float value) => new ProtobufWriter().Text(1, name).Float(2, value).Number(20, 1);

    private static ProtobufWriter Long(string name, long value) => new ProtobufWriter().Text(1, name).Number(3, value).Number(20, 2);

    private static ProtobufWriter Longs(string name, params long[] values)
    {
        var attribute = new ProtobufWriter().Text(1, name);
        foreach (var value in values)
            attribute.Number(8, value);
        return attribute.Number(20, 7);
    }
}
