using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;

using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>STEP: a dense phase with AdamW, the moment of the switch, and frozen second moments under a mask.</summary>
public sealed class StepPolicyTests : IDisposable
{
    private const int BatchSize = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-step").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Changes that halve at every step: the mean of four is 1.875e-8 after step 5 and 9.375e-9 after step 6.</summary>
    [Fact]
    public void Golden_switch()
    {
        var (rule, changes) = (new AutoSwitch(beta2: 0.75f, epsilon: 1e-8f), new List<double>());
        var switches =
            Enumerable.Range(1, 8).Select(step => rule.Observe(changes, step, 8e-8 * Math.Pow(2, 1 - step), earliest: 4, latest: 20));
        Assert.Equal([false, false, false, false, false, true, true, true], switches);
    }

    [Theory]
    [InlineData(0.9f, 10)]
    [InlineData(0.99f, 100)]
    [InlineData(0.999f, 1000)]
    [InlineData(0f, 1)]
    public void The_window_is_what_beta2_says(float beta2, int window)
    {
        var (rule, changes) = (new AutoSwitch(beta2, epsilon: 1), new List<double>());
        for (var step = 1; step < window; step++)
            Assert.False(rule.Observe(changes, step, 0, earliest: 1, latest: 10_000));
        Assert.True(rule.Observe(changes, window, 0, earliest: 1, latest: 10_000));
    }

    [Theory]
    [InlineData(0.0, 5)]
    [InlineData(1.0, 9)]
    public void The_switch_stays_within_its_bounds(double change, int expected)
    {
        var (rule, changes) = (new AutoSwitch(beta2: 0.5f, epsilon: 1e-8f), new List<double>());
        Assert.Equal(expected, Enumerable.Range(1, 20).First(step => rule.Observe(changes, step, change, earliest: 5, latest: 9)));
    }

    [Theory]
    [InlineData(1e-8f, 10)]
    [InlineData(1f, 4)]
    public void A_training_is_dense_until_the_switch_and_masked_from_then_on(float epsilon, int switchedAt)
    {
        using var model = new SwitchingNet(seed: 1);
        using var trainer = Make(model, epsilon, new TrainerOptions { TotalSteps = 20 });
        using var batch = Batch(Train, 0, BatchSize);
        Assert.Null(trainer.SwitchedAt);
        for (var step = 1; step <= 20; step++)
        {
            trainer.Step(batch);
            Assert.Equal(step <= switchedAt, model.Stem.IsDense);
            Assert.Equal(step <= switchedAt, model.Rows.IsDense);
        }
        Assert.Equal(switchedAt, trainer.SwitchedAt);
        Assert.True(model.Stem.Mask!.Follows(model.Stem.NMPattern()));
        Assert.Equal(0, model.Rows.Mask!.Flips(Mask.Magnitude(model.Rows.Weight, 48, 64, model.Rows.NMPattern())));
    }

    /// <summary>Second moments that have settled end the dense phase: the measured change is that of the state.</summary>
    [Fact]
    public void The_change_is_the_sum_over_the_second_moments()
    {
        using var model = new SwitchingNet(seed: 1);
        var layer = model.Rows;
        layer.Weights.SetDense(true);
        var before = new float[layer.Inputs * layer.Outputs];
        for (var step = 1; step <= 3; step++)
        {
            layer.Matrix.Parameter.State(1).CopyTo(before);
            Steps.Update(layer, Testing.Values.Uniform(before.Length, seed: step), new AdamW(0.01f), step);
            var after = layer.Matrix.Parameter.State(1);
            var expected = 0.0;
            for (var i = 0; i < before.Length; i++)
                expected += Math.Abs((double)after[i] - before[i]);
            Assert.True(expected > 0);
            Assert.Equal(expected, layer.Weights.VarianceChange, 1e-5 * expected);
        }
    }

    [Fact]
    public void A_frozen_layer_does_not_count_in_the_mean_that_ends_the_dense_phase()
    {
        using var model = new SwitchingNet(seed: 1);
        using var trainer = Make(model, epsilon: 1e-8f, new TrainerOptions { TotalSteps = 20 });
        using var batch = Batch(Train, 0, BatchSize);
        trainer.Step(batch);
        model.Stem.Freeze();
        trainer.Step(batch);
        var path = Path.Combine(_folder, "training");
        trainer.SaveCheckpoint(path);
        var changes = SafeTensors.Read(path)["variance_changes"].ToInt64s();
        Assert.Equal(model.Rows.Weights.VarianceChange / model.Rows.Matrix.Parameter.Length, BitConverter.Int64BitsToDouble(changes[1]));
        model.Rows.Freeze();
        trainer.Step(batch);
        trainer.SaveCheckpoint(path);
        Assert.Equal(changes, SafeTensors.Read(path)["variance_changes"].ToInt64s());
    }

    /// <summary><c>w -= lr·m̂ / (√v̂ + ε)</c> with the v̂ of the switch, straight-through.</summary>
    [Fact]
    public void Frozen_moments_go_on_to_scale_the_steps()
    {
        const float Rate = 0.01f;
        var optimizer = new AdamW(Rate, beta1: 0.5f, beta2: 0.75f, weightDecay: 0);
        using var model = new SwitchingNet(seed: 1);
        var layer = model.Rows;
        layer.Weights.SetDense(true);
        var count = layer.Inputs * layer.Outputs;
        var (mean, square, weight) =
            (new double[count], new double[count], Array.ConvertAll(layer.Weight.ToArray(), value => (double)value));
        for (var step = 1; step <= 5; step++)
        {
            var gradient = Testing.Values.Uniform(count, seed: step);
            if (step == 3)
            {
                layer.Weights.SetDense(false);
                layer.Weights.FrozenAt = 2;
            }
            Steps.Update(layer, gradient, optimizer, step);
            for (var i = 0; i < count; i++)
            {
                mean[i] = (0.5 * mean[i]) + (0.5 * gradient[i]);
                if (step <= 2)
                    square[i] = (0.75 * square[i]) + (0.25 * gradient[i] * gradient[i]);
                var (meanCorrection, squareCorrection) = (1 - Math.Pow(0.5, step), 1 - Math.Pow(0.75, Math.Min(step, 2)));
                weight[i] -= Rate * (mean[i] / meanCorrection) / (Math.Sqrt(square[i] / squareCorrection) + 1e-8);
            }
        }
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(square[i], layer.Matrix.Parameter.State(1)[i], 1e-6);
            Assert.Equal(weight[i], layer.Weight[i], 1e-5);
        }
    }

    [Fact]
    public void A_training_resumes_in_either_phase_with_the_same_bits()
    {
        foreach (var stop in (int[])[3, 4, 7])
        {
            using var model = new SwitchingNet(seed: 1);
            using var other = new SwitchingNet(seed: 2);
            using var trainer = Make(model, epsilon: 1e-3f, new TrainerOptions { TotalSteps = 20, DenseTail = 0.1 });
            using var resumed = Make(other, epsilon: 1e-3f, new TrainerOptions { TotalSteps = 20, DenseTail = 0.1 });
            using var batch = Batch(Train, 0, BatchSize);
            for (var step = 0; step < stop; step++)
                trainer.Step(batch);
            var path = Path.Combine(_folder, $"{stop}");
            trainer.SaveCheckpoint(path);
            resumed.Resume(path);
            Assert.Equal(model.Stem.IsDense, other.Stem.IsDense);
            for (var step = stop; step < 20; step++)
                Assert.Equal(trainer.Step(batch), resumed.Step(batch));
            Assert.Equal(trainer.SwitchedAt, resumed.SwitchedAt);
            Assert.InRange(trainer.SwitchedAt!.Value, 4, 10);
            Assert.Equal(Bits(model), Bits(other));
        }
    }

    [Fact]
    public void Another_optimizer_or_an_unknown_length_is_refused()
    {
        using var model = new SwitchingNet(seed: 1);
        var error = Assert.Throws<ArgumentException>(() => new Trainer<SwitchingNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f)));
        Assert.StartsWith("Layer Stem has the policy MaskPolicy.Step", error.Message, StringComparison.Ordinal);
        Assert.Contains("Train with one of them", error.Message, StringComparison.Ordinal);
        using var trainer = Make(model, 1e-8f, new TrainerOptions());
        using var batch = Batch(Train, 0, BatchSize);
        Assert.Throws<InvalidOperationException>(() => trainer.Step(batch));
    }

    private static Trainer<SwitchingNet> Make(SwitchingNet model, float epsilon, TrainerOptions options) =>
        new(model, Loss.SoftmaxCrossEntropy, new AdamW(0.001f, beta2: 0.75f, epsilon: epsilon), options);
}
