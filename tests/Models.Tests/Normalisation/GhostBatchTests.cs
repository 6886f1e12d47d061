using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>Ghost batches by the layer, and by chunks whose gradients are accumulated (Hoffer, Hubara and Soudry, 2017).</summary>
public sealed class GhostBatchTests
{
    private const double Close = 2e-5;

    /// <summary>The last chunk is a ghost batch of its own, or belongs to the one before, or there is one alone.</summary>
    [Theory]
    [InlineData(8, 8, 8)]
    [InlineData(8, 8, 4)]
    [InlineData(8, 8, 11)]
    [InlineData(5)]
    public void Chunks_give_the_gradients_and_statistics_of_the_layer(params int[] chunks)
    {
        using var layer = new GhostNet(seed: 3);
        using var chunked = new WholeNet(seed: 3);
        var (whole, parts) = (new List<double>(), new List<double>());
        using var trainer = Trainer.For(layer, Loss.CrossEntropy, new Sgd(0.1), new() { OnGradients = Take(whole) });
        using var accumulating = Trainer.For(
            chunked, Loss.CrossEntropy, new Sgd(0.1), new() { OnGradients = Take(parts), AccumulationSteps = chunks.Length });
        using var batch = Batches.Of(chunks.Sum(), 108, 4, seed: 5);
        trainer.Step(batch);
        var first = 0;
        foreach (var count in chunks)
        {
            using var chunk = new Batch(count, 108, 0) { Count = count };
            batch.Inputs.Slice(first * 108, count * 108).CopyTo(chunk.Inputs);
            batch.Labels.Slice(first, count).CopyTo(chunk.Labels);
            first += count;
            Assert.Equal(first == batch.Count, accumulating.Step(chunk).Updated);
        }
        Near(whole, parts);
        Near(Values(layer), Values(chunked));
        Assert.Equal(chunks.Length, layer.StemNorm.BatchesTracked);
        Assert.Equal(chunks.Length, chunked.BodyNorm.BatchesTracked);

        static Action<StepGradients> Take(List<double> values) => gradients =>
        {
            foreach (var gradient in gradients)
            {
                foreach (var value in gradient.Values)
                    values.Add(value);
            }
        };
    }

    /// <summary>What the new value of chunk l of K weighs in the running mean: η(1-η)^(K-l), and the old one (1-η)^K.</summary>
    [Fact]
    public void Running_averages_take_over_the_ghost_batches_in_order()
    {
        using var layer = new GhostNet(seed: 3);
        layer.StemNorm.SetRunningStatistics([5, 5, 5, 5, 5, 5, 5, 5], [.. Enumerable.Repeat(1f, 8)]);
        var means = new List<float[]>();
        for (var ghost = 0; ghost < 3; ghost++)
        {
            using var alone = new WholeNet(seed: 3);
            using var single = Trainer.For(alone, Loss.CrossEntropy, new Sgd(1e-20));
            using var chunk = Batches.Of(8, 108, 4, seed: ghost);
            single.Step(chunk);
            // From 0 with the momentum 0.1.
            means.Add([.. alone.StemNorm.RunningMean.ToArray().Select(mean => 10 * mean)]);
        }
        using var trainer = Trainer.For(layer, Loss.CrossEntropy, new Sgd(1e-20));
        using var batch = new Batch(24, 108, 0) { Count = 24 };
        for (var ghost = 0; ghost < 3; ghost++)
        {
            using var chunk = Batches.Of(8, 108, 4, seed: ghost);
            chunk.Inputs.CopyTo(batch.Inputs[(ghost * 8 * 108)..]);
            chunk.Labels.CopyTo(batch.Labels[(ghost * 8)..]);
        }
        trainer.Step(batch);
        double[] weights = [0.1 * 0.9 * 0.9, 0.1 * 0.9, 0.1];
        Assert.Equal(1, weights.Sum() + (0.9 * 0.9 * 0.9), 1e-12);
        for (var channel = 0; channel < 8; channel++)
        {
            var expected = (0.729 * 5) + weights.Zip(means, (weight, mean) => weight * mean[channel]).Sum();
            Assert.Equal(expected, layer.StemNorm.RunningMean[channel], Close);
        }
    }

    private static double[] Values(ISparseModel model) =>
    [
        .. model.Layers.SelectMany(layer => (IEnumerable<float>)[
            .. layer.Parameters.SelectMany(parameter => parameter.Values.ToArray()),
            .. layer.Parts.Named.SelectMany(vector => vector.Values.ToArray())]).Select(value => (double)value),
    ];

    private static void Near(IReadOnlyCollection<double> expected, IReadOnlyCollection<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Close));
    }
}

/// <summary>Images and features in ghost batches, dense and sparse.</summary>
[SparseModel]
public sealed partial class GhostNet
{
    [Conv2d(3, 8, Padding = 1, Bias = false)]
    public partial Conv2d Stem { get; }

    [BatchNorm2d(8, Ghost = 8)]
    public partial BatchNorm2d StemNorm { get; }

    [Linear(8, 8), NMSparse(2, 4, Policy = MaskPolicy.Static)]
    public partial Linear Body { get; }

    [BatchNorm1d(8, Ghost = 8)]
    public partial BatchNorm1d BodyNorm { get; }

    [Linear(8, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 6, 6)] Activation image) => image.Through(Stem).Through(StemNorm).Relu().GlobalAveragePool()
        .Through(Body).Through(BodyNorm).Gelu().Through(Head);
}

/// <summary>The same with statistics of whole batches.</summary>
[SparseModel]
public sealed partial class WholeNet
{
    [Conv2d(3, 8, Padding = 1, Bias = false)]
    public partial Conv2d Stem { get; }

    [BatchNorm2d(8)]
    public partial BatchNorm2d StemNorm { get; }

    [Linear(8, 8), NMSparse(2, 4, Policy = MaskPolicy.Static)]
    public partial Linear Body { get; }

    [BatchNorm1d(8)]
    public partial BatchNorm1d BodyNorm { get; }

    [Linear(8, 4)]
    public partial Linear Head { get; }

    private Activation Forward([Input(3, 6, 6)] Activation image) => image.Through(Stem).Through(StemNorm).Relu().GlobalAveragePool()
        .Through(Body).Through(BodyNorm).Gelu().Through(Head);
}
