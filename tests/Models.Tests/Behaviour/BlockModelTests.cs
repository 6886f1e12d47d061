namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Models whose weights are blocks, from the attribute to the file.</summary>
public sealed class BlockModelTests
{
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
    public void AMaskOfGraphsLearns() => AssertLearns(new GraphDigits(seed: 1));

    private static void AssertLearns<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        var (train, mean, deviation) = SyntheticDigits.Generate(4000, seed: 1).Standardize();
        var test = SyntheticDigits.Generate(500, seed: 2).Normalize(mean, deviation);
        using var trainer = new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f, momentum: 0.9f));
        var last = trainer.Fit(train, epochs: 4, batchSize: 64, validation: test).Last();
        Assert.True(last.Validation!.Accuracy > 0.8, $"{last}");
        model.Dispose();
    }
}
