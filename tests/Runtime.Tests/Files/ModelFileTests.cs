using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Files;

public sealed class ModelFileTests : IDisposable
{
    private const int Inputs = 24, Hidden = 16, Outputs = 3;

    private static readonly NMPattern Pattern = new(2, 4, Transposable: true);
    private static readonly ModelDescriptor Descriptor = new(
        "TestNet",
        Inputs,
        Outputs,
        [
            new LayerDescriptor("First.OutProj", Inputs, Hidden, true, "2:4 transposable", 0.5),
            new LayerDescriptor("Head", Hidden, Outputs, true, "dense", 1),
        ],
        0, 0, 0, 0, 0, 0, 0);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(MaskPolicy.SrSte)]
    [InlineData(MaskPolicy.Static)]
    public void What_is_saved_is_loaded_bit_for_bit(MaskPolicy policy)
    {
        using var saved = new TestNet(seed: 1, policy);
        using var loaded = new TestNet(seed: 2, policy);
        var path = _directory.File("model.safetensors");
        ModelFile.Save(saved, Descriptor, path);
        ModelFile.Load(loaded, Descriptor, path);

        var (from, to) = (saved.Linears[0], loaded.Linears[0]);
        Assert.Equal(from.Mask!.Words.ToArray(), to.Mask!.Words.ToArray());
        for (var i = 0; i < from.Weight.Length; i++)
            Assert.Equal(from.Mask[i / Inputs, i % Inputs] ? from.Weight[i] : 0, to.Weight[i]);
        Assert.Equal(from.Bias.ToArray(), to.Bias.ToArray());
        Assert.Equal(saved.Linears[1].Weight.ToArray(), loaded.Linears[1].Weight.ToArray());
        Assert.Equal(saved.Linears[1].Bias.ToArray(), loaded.Linears[1].Bias.ToArray());

        var again = _directory.File("again.safetensors");
        ModelFile.Save(loaded, Descriptor, again);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
    }

    [Fact]
    public void The_file_says_what_it_holds()
    {
        using var model = new TestNet(seed: 1);
        var path = _directory.File("model.safetensors");
        ModelFile.Save(model, Descriptor, path);
        var file = SafeTensors.Read(path);
        Assert.Equal(
            ["first.out_proj.weight_values F32 [16, 12]", "first.out_proj.bias F32 [16]", "head.weight F32 [3, 16]", "head.bias F32 [3]",
                "first.out_proj.weight_mask U8 [16, 3]"],
            file.Tensors.Select(tensor => tensor.ToString()));
        Assert.Equal("TestNet", file.Metadata["sparsesharp.model"]);
        Assert.Equal("2:4 transposable", file.Metadata["sparsesharp.pattern.first.out_proj"]);
        Assert.Equal("dense", file.Metadata["sparsesharp.pattern.head"]);
    }

    [Fact]
    public void A_state_dict_loads_with_a_name_map()
    {
        var weight = Values(Hidden * Inputs, 3);
        var path = _directory.File("torch.safetensors");
        StateDict(weight).Write(path);
        using var model = new TestNet(seed: 1);
        ModelFile.Load(model, Descriptor, path, new Dictionary<string, string> { ["first.out_proj"] = "0", ["head"] = "2" });
        var layer = model.Linears[0];
        Assert.Equal(Mask.Magnitude(weight, Hidden, Inputs, Pattern).Words.ToArray(), layer.Mask!.Words.ToArray());
        Assert.Equal(weight, layer.Weight.ToArray());
        Assert.Equal(Values(Hidden, 4), layer.Bias.ToArray());
        Assert.Equal(Values(Outputs * Hidden, 5), model.Linears[1].Weight.ToArray());

        var error = Assert.Throws<SafeTensorsException>(() => ModelFile.Load(model, Descriptor, path));
        Assert.Contains(
            "'first.out_proj.weight' of layer First.OutProj is missing; the file has '0.bias', '0.weight', '2.bias'", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("'stem'", Assert.Throws<ArgumentException>(
            () => ModelFile.Load(
                model, Descriptor, path, new Dictionary<string, string> { ["stem"] = "0" })).Message, StringComparison.Ordinal);
    }

    /// <summary>The fault is in the last layer or behind it: the first one must not have changed.</summary>
    [Theory]
    [InlineData("shape", "'2.weight' has shape [16, 3], but layer Head (dense, 16 to 3) needs [3, 16]")]
    [InlineData("missing", "'2.bias' of layer Head is missing")]
    [InlineData("unexpected", "'extra' is not part of model TestNet, whose layers are 'first.out_proj', 'head'")]
    [InlineData("nan", "'2.weight' holds a value that is infinite or not a number, at [0, 1]")]
    [InlineData("version", "version '2' of the SparseSharp form, but this library reads version 1")]
    [InlineData("truncated", "may be truncated")]
    public void A_fault_leaves_the_model_as_it_was(string fault, string message)
    {
        using var model = new TestNet(seed: 1);
        var before = Everything(model);
        var good = StateDict(Values(Hidden * Inputs, 3));
        var head = Values(Outputs * Hidden, 5);
        var tensors = good.Tensors.Where(tensor => tensor.Name != "2.weight" && (fault != "missing" || tensor.Name != "2.bias")).ToList();
        head[1] = fault == "nan" ? float.NaN : head[1];
        tensors.Add(fault == "shape"
            ? NamedTensor.Of("2.weight", head, Hidden, Outputs)
            : NamedTensor.Of("2.weight", head, Outputs, Hidden));
        if (fault == "unexpected")
            tensors.Add(NamedTensor.Of("extra", [1f]));
        var metadata = new Dictionary<string, string>();
        if (fault == "version")
            metadata["sparsesharp.version"] = "2";
        var path = _directory.File("bad.safetensors");
        new SafeTensors(tensors, metadata).Write(path);
        if (fault == "truncated")
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);

        var names = new Dictionary<string, string> { ["first.out_proj"] = "0", ["head"] = "2" };
        var error = Assert.Throws<SafeTensorsException>(() => ModelFile.Load(model, Descriptor, path, names));
        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Everything(model));
    }

    [Fact]
    public void A_sparse_file_is_little_more_than_half_as_large()
    {
        using var model = new TestNet(seed: 1);
        var path = _directory.File("model.safetensors");
        ModelFile.Save(model, Descriptor, path);
        var stored = SafeTensors.Read(
            path).Tensors.Where(tensor => tensor.Name.Contains("weight_", StringComparison.Ordinal)).Sum(tensor => tensor.Bytes.Length);
        Assert.Equal(Hidden * Inputs * (0.5 + (1 / 32.0)), stored / 4.0);
    }

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static SafeTensors StateDict(float[] weight) => new(
        [
            NamedTensor.Of("0.bias", Values(Hidden, 4)),
            NamedTensor.Of("0.weight", weight, Hidden, Inputs),
            NamedTensor.Of("2.bias", Values(Outputs, 6)),
            NamedTensor.Of("2.weight", Values(Outputs * Hidden, 5), Outputs, Hidden),
        ],
        new Dictionary<string, string> { ["format"] = "pt" });

    private static List<float> Everything(TestNet model)
    {
        var all = new List<float>();
        foreach (var layer in model.Linears)
        {
            all.AddRange(layer.Weight);
            all.AddRange(layer.Bias);
        }
        foreach (var word in model.Linears[0].Mask!.Words)
            all.AddRange(BitConverter.UInt32BitsToSingle((uint)word), BitConverter.UInt32BitsToSingle((uint)(word >> 32)));
        return all;
    }

    private sealed class TestNet(ulong seed, MaskPolicy policy = MaskPolicy.SrSte) : ISparseModel, IDisposable
    {
        public IReadOnlyList<ILayer> Layers => Linears;

        public IReadOnlyList<Linear> Linears { get; } =
        [
            new Linear(Inputs, Hidden, true, Pattern with { Policy = policy }, new NoKernels(), seed, 0),
            new Linear(Hidden, Outputs, true, null, new NoKernels(), seed, 1),
        ];

        public void Dispose()
        {
            foreach (var layer in Layers)
                layer.Dispose();
        }
    }

    /// <summary>Loading and saving runs no kernel.</summary>
    private sealed class NoKernels : ProductKernels
    {
        internal override BucketFormat? Format => BucketFormat.Pairs;

        internal override void Forward(
            MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
            throw new NotSupportedException();

        internal override void GradInput(
            MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved,
            bool accumulate) =>
            throw new NotSupportedException();

        internal override void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy) => throw new NotSupportedException();

        internal override unsafe void DenseGradient(
            MatrixProduct product, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
            throw new NotSupportedException();
    }
}
