using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>Train dense, prune once, train again.</summary>
public sealed class MagnitudePruningTests
{
    [Fact]
    public void A_pruned_model_keeps_the_largest_weights_and_learns_on()
    {
        using var dense = new UnmaskedNet(seed: 1);
        var first = Fit(dense);
        using var pruned = new PrunedNet(seed: 2);
        MagnitudePruning.Apply(dense, pruned);
        foreach (var (source, target) in dense.Linears.Zip(pruned.Linears))
        {
            Assert.Equal(source.Bias.ToArray(), target.Bias.ToArray());
            var expected = source.Weight.ToArray();
            if (target.Pattern is NMPattern pattern)
            {
                var mask = Mask.Magnitude(expected, source.Outputs, source.Inputs, pattern);
                Assert.Equal(0, mask.Flips(target.Mask!));
                expected = [.. expected.Select((weight, i) => mask[i / source.Inputs, i % source.Inputs] ? weight : 0)];
            }
            Assert.Equal(expected, target.Weight.ToArray());
        }
        var masks = pruned.Linears.Select(layer => layer.Mask?.Copy()).ToList();
        Assert.True(Fit(pruned) < first);
        Assert.All(pruned.Linears.Zip(masks), pair => Assert.Equal(0, pair.Second?.Flips(pair.First.Mask!) ?? 0));
    }

    [Fact]
    public void Models_with_other_layers_are_refused()
    {
        using var dense = new UnmaskedNet(seed: 1);
        using var kept = new KeptNet(seed: 1);
        var before = Bits(kept);
        var error = Assert.Throws<ArgumentException>(() => MagnitudePruning.Apply(dense, kept));
        Assert.Equal("UnmaskedNet has Stem (784 to 64, with a bias) where KeptNet has Stem (784 to 32, with a bias): both need the same "
            + "layers in the same order.", error.Message);
        Assert.Equal(before, Bits(kept));
    }

    /// <summary>Trains and returns the loss of the last epoch.</summary>
    private static double Fit<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        using var trainer = new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f, momentum: 0.9f));
        return trainer.Fit(Train, epochs: 3, batchSize: 60).Last().Training.Loss;
    }
}
