using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Pruning;

/// <summary>What pruning does to the gradients of real steps.</summary>
[Trait("Category", "Kernels")]
public sealed class PrunedGradientTests
{
    private const int Samples = 96;

    /// <summary>The identity as input: the gradient of the weights is then the pruned gradient of the output itself.</summary>
    [Fact]
    public void What_is_left_of_a_gradient_is_what_the_reference_leaves()
    {
        using var model = new PrunedProbe(seed: 1);
        var identity = new float[Samples * Samples];
        for (var i = 0; i < Samples; i++)
            identity[(i * Samples) + i] = 1;
        var dy = Values.Uniform(Samples * PrunedProbe.Outputs, seed: 2);
        foreach (var layer in model.Linears)
        {
            var pattern = layer.Gradients!;
            layer.GradWeight(identity, dy);
            for (var o = 0; o < layer.Outputs; o++)
            {
                var expected = Enumerable.Range(0, Samples).Select(s => (double)dy[(s * layer.Outputs) + o]).ToArray();
                MinimumVariance.PruneBatch(expected, pattern, key: 0, site: 0, o);
                var actual = layer.Parameters[0].Gradient.Slice(o * Samples, Samples);
                for (var first = 0; first < Samples; first += pattern.Group)
                    Assert.InRange(actual.Slice(first, Math.Min(pattern.Group, Samples - first))
                        .ToArray()
                        .Count(x => x != 0), 1, pattern.Keep);
                Assert.InRange(Values.MaxError(expected, actual), 0, 1e-6);
            }
        }
    }

    /// <summary>
    /// The gradients of a network on digits, over many random keys: their mean is the exact gradient to within the deviation that so many
    /// samples leave, and the pruned operand has the variance of the formula.
    /// </summary>
    [Fact]
    public void The_mean_of_many_steps_is_the_exact_gradient()
    {
        const int Steps = 600;
        using var exact = new ExactDigits(seed: 3);
        using var pruned = new PrunedDigits(seed: 3);
        using var pool = new WorkerPool(1);
        using var exactPass = new TrainingPass<ExactDigits>(exact, pool);
        using var prunedPass = new TrainingPass<PrunedDigits>(pruned, pool);
        using var batch = DigitBatch(50);
        exactPass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 0);

        var sums = pruned.Linears.Select(layer => new double[layer.Parameters[0].Length]).ToArray();
        var squares = pruned.Linears.Select(layer => new double[layer.Parameters[0].Length]).ToArray();
        for (var step = 1UL; step <= Steps; step++)
        {
            prunedPass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: step);
            for (var l = 0; l < sums.Length; l++)
            {
                var gradient = pruned.Linears[l].Parameters[0].Gradient;
                for (var i = 0; i < gradient.Length; i++)
                {
                    sums[l][i] += gradient[i];
                    squares[l][i] += (double)gradient[i] * gradient[i];
                }
            }
        }

        for (var l = 0; l < sums.Length; l++)
        {
            var (distance, variance) = (0.0, 0.0);
            var expected = exact.Linears[l].Parameters[0].Gradient;
            for (var i = 0; i < expected.Length; i++)
            {
                var mean = sums[l][i] / Steps;
                distance += Math.Pow(mean - expected[i], 2);
                variance += ((squares[l][i] / Steps) - (mean * mean)) / Steps;
            }
            Assert.True(variance > 0, "nothing was pruned");
            // Around 1; the gradients of a batch go in few directions, so the sum of squares varies. A bias would not shrink with the
            // steps.
            Assert.InRange(distance / variance, 0.25, 2);

            // The bias has the whole gradient.
            Assert.Equal(Values.Bits(exact.Linears[l].Parameters[1].Gradient), Values.Bits(pruned.Linears[l].Parameters[1].Gradient));
        }
    }

    [Fact]
    public void The_variance_of_real_gradients_is_that_of_the_formula()
    {
        const int Keys = 2000;
        using var model = new ExactDigits(seed: 4);
        using var batch = DigitBatch(64);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<ExactDigits>(model, pool);
        pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 0);

        // A gradient of real size and shape, with zeros from ReLU and a few large values.
        var gradient = model.Stem.Parameters[0].Gradient[..64].ToArray().Select(x => (double)x).ToArray();
        foreach (var pattern in (GradientPattern[])[new(1, 2), new(2, 4), new(4, 8), new(8, 16)])
        {
            var expected = 0.0;
            for (var first = 0; first < gradient.Length; first += pattern.Group)
                expected += MinimumVariance.Variance(gradient.AsSpan(first, pattern.Group), pattern.Keep);
            var actual = 0.0;
            for (var key = 0UL; key < Keys; key++)
            {
                var pruned = gradient.ToArray();
                MinimumVariance.PruneBatch(pruned, pattern, key, site: 1, feature: 2);
                actual += pruned.Zip(gradient, (a, b) => (a - b) * (a - b)).Sum() / Keys;
            }
            Assert.InRange(actual / expected, 0.95, 1.05);
        }
    }

    [Fact]
    public void Steps_and_sites_draw_different_numbers_and_equal_keys_the_same()
    {
        using var model = new PrunedTwice(seed: 5);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<PrunedTwice>(model, pool);
        using var batch = Steps.RandomBatch(40, 16, 16, seed: 6);

        int[] Gradient(ulong key)
        {
            pass.Run(batch, Loss.MeanSquaredError, accumulate: false, key);
            return Values.Bits(model.Layer.Parameters[0].Gradient);
        }

        var first = Gradient(1);
        Assert.NotEqual(first, Gradient(2));
        Assert.Equal(first, Gradient(1));
    }

    [Fact]
    public void A_training_with_pruned_gradients_learns_as_well()
    {
        var exact = Accuracy<ExactDigits>();
        Assert.InRange(exact, 0.5, 1);
        Assert.InRange(Accuracy<PrunedDigits>(), exact - 0.08, 1);
    }

    private static double Accuracy<TModel>()
        where TModel : class, ISparseModel<TModel>
    {
        using var trainer = new Trainer<TModel>(TModel.Create(7), Loss.SoftmaxCrossEntropy, new Sgd(0.05f, momentum: 0.9f));
        var (train, mean, deviation) = SyntheticDigits.Generate(2000, seed: 8).Standardize();
        foreach (var _ in trainer.Fit(train, epochs: 6, batchSize: 50))
        {
        }
        return trainer.Evaluate(SyntheticDigits.Generate(500, seed: 9).Normalize(mean, deviation)).Accuracy!.Value;
    }

    private static Batch DigitBatch(int count)
    {
        var (data, _, _) = SyntheticDigits.Generate(count, seed: 5).Standardize();
        var batch = new Batch(count, 784, targetFeatures: 0) { Count = count };
        for (var i = 0; i < count; i++)
        {
            data.Inputs.Slice(i * 784, 784).CopyTo(batch.Inputs[(i * 784)..]);
            batch.Labels[i] = data.Labels[i];
        }
        return batch;
    }
}
