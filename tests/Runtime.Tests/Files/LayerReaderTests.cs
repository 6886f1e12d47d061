using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Masks;
using SparseSharp.Matrices;

namespace SparseSharp.Runtime.Tests.Files;

public unsafe class LayerReaderTests
{
    private static readonly NMPattern Rows = new(2, 4, Transposable: false);
    private static readonly NMPattern Both = new(2, 4, Transposable: true);
    private static readonly Mask Mask = MaskCodecTests.Of("11000011", "11001100", "00111100", "00110011");
    private static readonly float[] Full = [.. Enumerable.Range(1, 32).Select(i => i / 8f)];
    private static readonly float[] Bias = [1, 2, 3, 4];

    private static LayerDescriptor Layer(bool bias, NMPattern? pattern) =>
        new("First.Stem", 8, 4, bias, pattern?.ToString() ?? "dense", pattern?.Density ?? 1);

    private static (float[] Weight, Mask? Mask, float[]? Bias) Decode(
        IEnumerable<NamedTensor> tensors, NMPattern? pattern, bool bias = true, IReadOnlyDictionary<string, string>? names = null,
        string? stored = null)
    {
        var metadata = new Dictionary<string, string>();
        if (stored is not null)
            metadata["sparsesharp.pattern.first.stem"] = stored;
        using var matrix = MatrixOf(pattern);
        using var vector = new LearnedVector("bias", 4);
        var reader = new LayerReader(Layer(bias, pattern), new ModelTensors(new SafeTensors(tensors, metadata), "m.st", names));
        var content = reader.Read([matrix], bias ? [vector] : []);
        return (content.Weights[0].Weight, content.Weights[0].Mask, bias ? content.Vectors[0] : null);
    }

    private static Matrix MatrixOf(NMPattern? pattern) =>
        pattern is null ? new DenseMatrix(4, 8, rounds: false) : new NMMatrix(4, 8, pattern, BucketFormat.PairsAndSingles, rounds: false);

    /// <summary>The tensors that a matrix with these weights writes, and the bias.</summary>
    private static NamedTensor[] Encode(NMPattern? pattern)
    {
        using var matrix = MatrixOf(pattern);
        fixed (float* weight = Full)
        {
            if (pattern is not null)
                matrix.SetMask(Mask, weight);
            matrix.Install(weight);
        }
        var tensors = new LayerTensors("First.Stem", "first.stem");
        matrix.Write(tensors, dense: false);
        Bias.CopyTo(tensors.AddFloats("bias", Bias.Length));
        return [.. tensors.All()];
    }

    private static void AssertFault(
        string message, IEnumerable<NamedTensor> tensors, NMPattern? pattern, bool bias = true, string? stored = null) =>
        Assert.Equal($"m.st: {message}", Assert.Throws<SafeTensorsException>(() => Decode(tensors, pattern, bias, stored: stored)).Message);

    private static NamedTensor Tensor(string name, params ReadOnlySpan<long> shape)
    {
        long length = 1;
        foreach (var extent in shape)
            length *= extent;
        return NamedTensor.Of($"first.stem.{name}", new float[length], shape);
    }

    private static NamedTensor Bits(Mask mask) => NamedTensor.Of("first.stem.weight_mask", MaskCodec.Pack(mask), mask.Rows, 1);

    [Fact]
    public void A_dense_layer_is_stored_as_PyTorch_names_it()
    {
        var tensors = Encode(null);
        Assert.Equal(["first.stem.weight F32 [4, 8]", "first.stem.bias F32 [4]"], tensors.Select(tensor => tensor.ToString()));
        var content = Decode(tensors, null);
        Assert.Equal(Full, content.Weight);
        Assert.Equal(Bias, content.Bias);
        Assert.Null(content.Mask);
        Assert.Null(Decode(tensors[..1], null, bias: false).Bias);
    }

    [Fact]
    public void Of_a_sparse_layer_only_what_exists_is_stored()
    {
        var tensors = Encode(Both);
        Assert.Equal(
            ["first.stem.weight_values F32 [4, 4]", "first.stem.weight_mask U8 [4, 1]", "first.stem.bias F32 [4]"],
            tensors.Select(tensor => tensor.ToString()));
        var content = Decode(tensors, Both);
        Assert.Equal(MaskCodec.Scatter(MaskCodecTests.Gather(Full, Mask), Mask), content.Weight);
        Assert.Equal(Mask.Words.ToArray(), content.Mask!.Words.ToArray());
        Assert.Equal(Bias, content.Bias);
        // A transposable mask is a row-wise one too.
        Assert.Equal(content.Weight, Decode(tensors, Rows).Weight);
    }

    [Fact]
    public void Full_weights_load_into_a_sparse_layer()
    {
        var content = Decode([NamedTensor.Of("first.stem.weight", Full, 4, 8)], Both, bias: false);
        Assert.Equal(Full, content.Weight);
        Assert.Null(content.Mask);
        var pruned = MaskCodec.Scatter(MaskCodecTests.Gather(Full, Mask), Mask);
        content = Decode([NamedTensor.Of("first.stem.weight", pruned, 4, 8)], Both, bias: false);
        Assert.Equal(Mask.Words.ToArray(), content.Mask!.Words.ToArray());
    }

    [Fact]
    public void A_name_map_serves_layers_and_tensors()
    {
        NamedTensor[] tensors = [NamedTensor.Of("fc1.weight", Full, 4, 8), NamedTensor.Of("shift", Bias)];
        var content =
            Decode(tensors, null, names: new Dictionary<string, string> { ["first.stem"] = "fc1", ["first.stem.bias"] = "shift" });
        Assert.Equal(Full, content.Weight);
        Assert.Equal(Bias, content.Bias);
        var error = Assert.Throws<SafeTensorsException>(
            () => Decode(tensors, null, names: new Dictionary<string, string> { ["first.stem"] = "fc1" }));
        Assert.Contains("tensor 'fc1.bias' of layer First.Stem is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_weights_are_converted()
    {
        var halves = Full.SelectMany(value => BitConverter.GetBytes((Half)value)).ToArray();
        Assert.Equal(Full, Decode([new NamedTensor("first.stem.weight", TensorType.F16, [4, 8], halves)], null, bias: false).Weight);
    }

    [Fact]
    public void What_is_missing_or_too_much_is_named()
    {
        AssertFault(
            "tensor 'first.stem.weight' of layer First.Stem is missing; the file has 'first.stem.bias'. Other names need a name map.",
            [Tensor("bias", 4)], null);
        AssertFault(
            "tensor 'first.stem.weight' of layer First.Stem is missing; the file has no tensors. Other names need a name map.", [], Both);
        AssertFault("tensor 'first.stem.weight_mask' of layer First.Stem is missing; the file has 'first.stem.weight_values'. Other names "
            + "need a name map.", [Tensor("weight_values", 4, 4)], Both);
        AssertFault("tensor 'first.stem.weight_values' of layer First.Stem is missing; the file has 'first.stem.weight_mask'. Other names "
            + "need a name map.", [Bits(Mask)], Both);
        AssertFault(
            "tensor 'first.stem.bias' of layer First.Stem is missing; the file has 'first.stem.weight'. Other names need a name map.",
            [Tensor("weight", 4, 8)], null);
        AssertFault(
            "there is a tensor 'first.stem.bias', but layer First.Stem has no bias.", [Tensor("weight", 4, 8), Tensor("bias", 4)], null,
            bias: false);
        AssertFault(
            "there are both 'first.stem.weight' and 'first.stem.weight_values' for layer First.Stem.",
            [Tensor("weight", 4, 8), Tensor("weight_values", 4, 4)], Both);
    }

    [Fact]
    public void A_wrong_shape_is_named_with_the_right_one()
    {
        AssertFault(
            "tensor 'first.stem.weight' has shape [8, 4], but layer First.Stem (dense, 8 to 4) needs [4, 8].", [Tensor("weight", 8, 4)],
            null);
        AssertFault(
            "tensor 'first.stem.weight' has shape [32], but layer First.Stem (2:4 transposable, 8 to 4) needs [4, 8].",
            [Tensor("weight", 32)], Both);
        AssertFault(
            "tensor 'first.stem.weight_values' has shape [4, 8], but layer First.Stem (2:4, 8 to 4) needs [4, 4].",
            [Tensor("weight_values", 4, 8), Bits(Mask)], Rows);
        AssertFault(
            "tensor 'first.stem.bias' has shape [4, 1], but layer First.Stem (dense, 8 to 4) needs [4].",
            [Tensor("weight", 4, 8), Tensor("bias", 4, 1)], null);
        AssertFault(
            "tensor 'first.stem.weight_mask' has shape [4], but layer First.Stem (2:4, 8 to 4) needs [4, 1].",
            [Tensor("weight_values", 4, 4), NamedTensor.Of("first.stem.weight_mask", MaskCodec.Pack(Mask))], Rows);
    }

    [Fact]
    public void A_wrong_type_is_named()
    {
        AssertFault(
            "tensor 'first.stem.weight' has type I64, but weights are F32 (or F64, F16, BF16).",
            [NamedTensor.Of("first.stem.weight", new long[32], 4, 8)], null);
        AssertFault(
            "tensor 'first.stem.weight_mask' has type F32, but a mask is U8.",
            [Tensor("weight_values", 4, 4), Tensor("weight_mask", 4, 1)], Both);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_named(float value)
    {
        var weight = (float[])Full.Clone();
        weight[13] = value;
        AssertFault(
            "tensor 'first.stem.weight' holds a value that is infinite or not a number, at [1, 5].",
            [NamedTensor.Of("first.stem.weight", weight, 4, 8)], Both, bias: false);
        AssertFault(
            "tensor 'first.stem.bias' holds a value that is infinite or not a number, at [2].",
            [Tensor("weight", 4, 8), NamedTensor.Of("first.stem.bias", [0, 0, value, 0])], null);
    }

    [Fact]
    public void A_wrong_pattern_is_named()
    {
        var rowsOnly = MaskCodecTests.Of("11000011", "11001100", "10101100", "00110011");
        AssertFault(
            "the mask 'first.stem.weight_mask', stored as 2:4, is not 2:4 transposable as layer First.Stem needs it: column 0 keeps 3 of "
                + "rows 0 to 3.",
            [Tensor("weight_values", 4, 4), Bits(rowsOnly)], Both, stored: "2:4");
    }

    [Fact]
    public void A_dense_layer_takes_what_a_sparse_one_has_saved()
    {
        var content = Decode(Encode(Both), null);
        Assert.Equal(MaskCodec.Scatter(MaskCodecTests.Gather(Full, Mask), Mask), content.Weight);
        Assert.Null(content.Mask);
        AssertFault(
            "tensor 'first.stem.weight_values' has shape [4, 8], but layer First.Stem (dense, 8 to 4) needs [4, 4].",
            [Tensor("weight_values", 4, 8), Bits(Mask)], null);
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.Bool)]
    [InlineData(TensorType.I64)]
    public void Weights_that_torch_has_pruned_keep_their_mask(TensorType type)
    {
        var ones = Enumerable.Range(0, 32).Select(i => Mask[i / 8, i % 8] ? 1 : 0).ToArray();
        byte[] bytes = type switch
        {
            TensorType.F32 => [.. ones.SelectMany(one => BitConverter.GetBytes((float)one))],
            TensorType.I64 => [.. ones.SelectMany(one => BitConverter.GetBytes((long)one))],
            _ => [.. ones.Select(one => (byte)one)],
        };
        NamedTensor[] pruned =
        [
            NamedTensor.Of("first.stem.weight_orig", Full, 4, 8), new("first.stem.weight_mask", type, [4, 8], bytes),
            NamedTensor.Of("first.stem.bias_orig", Bias), NamedTensor.Of("first.stem.bias_mask", [1f, 0, 1, 1]),
        ];
        NamedTensor[] asp = [NamedTensor.Of("first.stem.weight", Full, 4, 8), new("first.stem.__weight_mma_mask", type, [4, 8], bytes),
            Tensor("bias", 4), Tensor("__weight_mma_pruned_p", 4, 8)];
        var expected = MaskCodec.Scatter(MaskCodecTests.Gather(Full, Mask), Mask);
        foreach (var tensors in (NamedTensor[][])[pruned, asp])
        {
            Assert.Equal(expected, Decode(tensors, null).Weight);
            var content = Decode(tensors, Both);
            Assert.Equal(expected, content.Weight);
            Assert.Equal(Mask.Words.ToArray(), content.Mask!.Words.ToArray());
        }
        Assert.Equal([1, 0, 3, 4], Decode(pruned, Both).Bias!);
        AssertFault(
            "tensor 'first.stem.weight_mask' holds 2, but a mask consists of 0 and 1.",
            [Tensor("weight_orig", 4, 8), NamedTensor.Of("first.stem.weight_mask", [.. Enumerable.Repeat(2f, 32)], 4, 8)], Both);
        AssertFault(
            "there are both 'first.stem.weight' and 'first.stem.weight_orig' for layer First.Stem.",
            [Tensor("weight_orig", 4, 8), Tensor("weight_mask", 4, 8), Tensor("weight", 4, 8)], null);
    }
}
