namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Models whose weights are blocks, from the attribute to the file.</summary>
public sealed class BlockModelTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AMaskOfGraphsIsTheOneThatWasPlanned()
    {
        using var model = new GraphDigits(seed: 1);
        foreach (var (layer, density) in new[] { (model.Stem, 0.25), (model.Mixer, 0.5) })
        {
            var pattern = Assert.IsType<RamanujanPattern>(layer.Pattern);
            Assert.Equal(density, layer.Density);
            Assert.Equal((long)(density * layer.Inputs * layer.Outputs), layer.Mask!.Count);
            Assert.Equal(layer.Mask.Count, layer.Parameters[0].Length);
            for (var row = 0; row < layer.Outputs; row++)
                Assert.Equal(pattern.WeightsPerRow, Enumerable.Range(0, layer.Inputs).Count(column => layer.Mask[row, column]));
        }
    }

    [Fact]
    public void Graphs() => AssertLearns<GraphDigits>(GraphDigits.Load, (model, path) => model.Save(path), 0.25);

    [Fact]
    public void Uniform() => AssertLearns<UniformDigits>(UniformDigits.Load, (model, path) => model.Save(path), 0.25);

    [Fact]
    public void Hierarchical() => AssertLearns<HierarchicalDigits>(HierarchicalDigits.Load, (model, path) => model.Save(path), 0.25);

    [Fact]
    public void Learned() => AssertLearns<LearnedDigits>(LearnedDigits.Load, (model, path) => model.Save(path), density: null);

    /// <summary>Trains a model to a good accuracy, and expects the same predictions of what is loaded from its file.</summary>
    private void AssertLearns<TModel>(
        Func<string, IReadOnlyDictionary<string, string>?, TModel> load, Action<TModel, string> save, double? density)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(seed: 1);
        var (train, mean, deviation) = SyntheticDigits.Generate(4000, seed: 1).Standardize();
        var test = SyntheticDigits.Generate(500, seed: 2).Normalize(mean, deviation);
        using var trainer = new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f, momentum: 0.9f));
        var last = trainer.Fit(train, epochs: 8, batchSize: 64, validation: test).Last();
        Assert.True(last.Validation!.Accuracy > 0.8, $"{last}");
        Assert.InRange(model.Linears[0].Density, density - 0.02 ?? 0, density + 0.02 ?? 0.999);
        Assert.Equal(
            model.Linears.Select(layer => layer.Pattern?.ToString() ?? "dense"), TModel.Descriptor.Layers.Select(layer => layer.Pattern));

        var path = Path.Combine(_directory, "digits.safetensors");
        save(model, path);
        using var loaded = load(path, null);
        using var reader = new Trainer<TModel>(loaded, Loss.SoftmaxCrossEntropy, new Sgd(0.05f));
        var (before, after) = (trainer.Evaluate(test), reader.Evaluate(test));
        Assert.Equal(before.Accuracy, after.Accuracy);
        Assert.Equal(before.Loss, after.Loss, 5);
    }
}
