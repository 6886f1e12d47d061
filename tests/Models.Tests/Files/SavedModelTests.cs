namespace SparseSharp.Models.Tests.Files;

[SparseModel, NMSparse(2, 4, Transposable = true)]
public sealed partial class SavedBlock
{
    [Linear(32, 32)]
    public partial Linear Mix { get; }

    Activation Forward([Input(32)] Activation x) => x + x.Through(Mix).Relu();
}

[SparseModel]
public sealed partial class SavedNet
{
    [Linear(20, 32), NMSparse(1, 4, Transposable = false)]
    public partial Linear Stem { get; }

    public partial SavedBlock First { get; }

    public partial SavedBlock Second { get; }

    [Linear(32, 5, Bias = false)]
    public partial Linear OutProj { get; }

    Activation Forward([Input(20)] Activation x) => x.Through(Stem).Tanh().Through(First).Through(Second).Through(OutProj);
}

/// <summary>Compiled models and their files.</summary>
public sealed class SavedModelTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static float[] Predict(SavedNet model)
    {
        var inputs = new float[7 * 20];
        var random = new Random(1);
        foreach (ref var value in inputs.AsSpan())
            value = random.NextSingle();
        var outputs = new float[7 * 5];
        model.Predict(inputs, outputs);
        return outputs;
    }

    [Fact]
    public void A_loaded_model_predicts_the_same_bits()
    {
        var path = Path.Combine(_directory, "net.safetensors");
        using var saved = new SavedNet(seed: 3);
        saved.Save(path);
        using var loaded = SavedNet.Load(path);
        using var other = new SavedNet(seed: 4);
        var expected = Predict(saved);
        Assert.NotEqual(expected, Predict(other));
        Assert.Equal(expected, Predict(loaded));
        other.LoadWeights(path);
        Assert.Equal(expected, Predict(other));
    }

    [Fact]
    public void Layers_of_nested_models_have_names_of_their_own()
    {
        var path = Path.Combine(_directory, "net.safetensors");
        using var model = new SavedNet(seed: 3);
        model.Save(path);
        var names = SafeTensors.Read(path).Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "first.mix.bias", "first.mix.weight_mask", "first.mix.weight_values", "out_proj.weight",
                "second.mix.bias", "second.mix.weight_mask", "second.mix.weight_values",
                "stem.bias", "stem.weight_mask", "stem.weight_values",
            ],
            names);
    }

    [Fact]
    public void A_damaged_file_changes_nothing()
    {
        var path = Path.Combine(_directory, "net.safetensors");
        using var saved = new SavedNet(seed: 3);
        saved.Save(path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^3]);
        using var model = new SavedNet(seed: 4);
        var before = Predict(model);
        var error = Assert.Throws<SafeTensorsException>(() => model.LoadWeights(path));
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Predict(model));
    }
}
