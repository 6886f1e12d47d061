using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Training steps of a whole model.</summary>
[Collection(AloneCollection.Name)]
public sealed class TrainingStepTests
{
    /// <summary>As many samples as one panel has, a few more, and as many as let workers take whole panels.</summary>
    [Theory]
    [InlineData(48)]
    [InlineData(70)]
    [InlineData(384)]
    public void Training_gives_the_same_bits_with_any_number_of_threads(int samples)
    {
        var expected = Train(samples, threads: 1);
        Assert.Equal(expected, Train(samples, threads: 2));
        Assert.Equal(expected, Train(samples, threads: 3));
    }

    [Fact]
    public void Two_half_batches_accumulate_to_the_gradient_of_the_whole()
    {
        using var model = new MixedPolicies(seed: 4);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<MixedPolicies>(model, pool);
        using var whole = Steps.RandomBatch(80, 37, 6, seed: 5);
        // Dropout is a function of the sample's place in its batch, so it would differ: its layer is made blind to it.
        model.Kept.SetWeight(new float[48 * 48]);

        var total = pass.Run(whole, Loss.MeanSquaredError, accumulate: false, randomKey: 1);
        var expected = model.Linears.SelectMany(layer => layer.Parameters)
            .Where(IsSmooth)
            .Select(parameter => parameter.Gradient.ToArray())
            .ToArray();
        using var half = Steps.RandomBatch(40, 37, 6, seed: 5);
        var sum = 0.0;
        for (var part = 0; part < 2; part++)
        {
            whole.Inputs.Slice(part * half.Inputs.Length, half.Inputs.Length).CopyTo(half.Inputs);
            whole.Targets.Slice(part * half.Targets.Length, half.Targets.Length).CopyTo(half.Targets);
            sum += pass.Run(half, Loss.MeanSquaredError, accumulate: part > 0, randomKey: 1).Sum;
        }

        Assert.Equal(total.Sum, sum, 1e-4);
        var actual = model.Linears.SelectMany(layer => layer.Parameters).Where(IsSmooth).Select(parameter => parameter.Gradient.ToArray());
        foreach (var (one, two) in expected.Zip(actual))
        {
            // A loss is the mean over its batch: two halves add up to twice the whole.
            Assert.InRange(Values.MaxError(Array.ConvertAll(one, value => 2.0 * value), two), 0, 1e-5);
        }

        bool IsSmooth(Parameter parameter) => !model.Kept.Parameters.Contains(parameter) && !model.Tiles.Parameters.Contains(parameter);
    }

    [Fact]
    public void The_sum_of_squares_is_that_of_all_gradients()
    {
        using var model = new MixedPolicies(seed: 4);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<MixedPolicies>(model, pool);
        using var batch = Steps.RandomBatch(33, 37, 6, seed: 6);
        pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 1);
        var expected = 0.0;
        foreach (var parameter in model.Linears.SelectMany(layer => layer.Parameters))
        {
            foreach (double value in parameter.Gradient)
                expected += value * value;
        }
        Assert.InRange(pass.GradientSquares(), expected * (1 - 1e-12), expected * (1 + 1e-12));
    }

    [Fact]
    public void Training_lowers_the_loss()
    {
        using var model = new MixedPolicies(seed: 4);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<MixedPolicies>(model, pool);
        using var batch = Steps.RandomBatch(64, 37, 6, seed: 7);
        var optimizer = new AdamW(3e-3f);
        var before = pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0).Sum;
        for (var step = 1; step <= 200; step++)
            Steps.Run(pass, batch, optimizer, step);
        Assert.InRange(pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0).Sum, 0, 0.5 * before);
    }

    /// <summary>Any worker may be the one that finds it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Weights_that_diverge_end_the_step_with_the_same_error_on_any_thread(int threads)
    {
        using var model = new MixedPolicies(seed: 4);
        using var pool = new WorkerPool(threads);
        using var pass = new TrainingPass<MixedPolicies>(model, pool);
        using var batch = Steps.RandomBatch(64, 37, 6, seed: 7);
        for (var repeat = 0; repeat < 10; repeat++)
        {
            pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0);
            var step = new UpdateStep(Step: 6, LearningRate: float.MaxValue, GradientScale: float.MaxValue, Decay: true);
            var error = Assert.Throws<NotFiniteNumberException>(() => pass.Update(new Sgd(1), in step));
            Assert.Contains("no mask can be found", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_batch_that_does_not_fit_is_refused()
    {
        using var model = new MixedPolicies(seed: 4);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<MixedPolicies>(model, pool);
        using var narrow = Steps.RandomBatch(4, 36, 6, seed: 8);
        var features = Assert.Throws<ArgumentException>(() => pass.Run(narrow, Loss.MeanSquaredError, accumulate: false, randomKey: 0));
        Assert.StartsWith("The batch has 36 features per sample; MixedPolicies takes 37.", features.Message, StringComparison.Ordinal);
        using var empty = new Batch(4, 37, 6);
        Assert.Throws<ArgumentException>(() => pass.Run(empty, Loss.MeanSquaredError, accumulate: false, randomKey: 0));
        using var targets = Steps.RandomBatch(4, 37, 5, seed: 8);
        Assert.Throws<ArgumentException>(() => pass.Run(targets, Loss.MeanSquaredError, accumulate: false, randomKey: 0));
    }

    /// <summary>A fresh model each time: its packed weights of the other orientation are made while several workers compute.</summary>
    private static int[] Train(int samples, int threads)
    {
        using var model = new MixedPolicies(seed: 4);
        using var pool = new WorkerPool(threads);
        using var pass = new TrainingPass<MixedPolicies>(model, pool);
        using var batch = Steps.RandomBatch(samples, 37, 6, seed: 9);
        var optimizer = new Sgd(0.05f, momentum: 0.9f, weightDecay: 1e-3f);
        for (var step = 1; step <= 7; step++)
            Steps.Run(pass, batch, optimizer, step);
        var squares = BitConverter.DoubleToInt64Bits(pass.GradientSquares());
        return [(int)squares, (int)(squares >> 32), .. Steps.Bits(model)];
    }
}
