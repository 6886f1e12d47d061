using System.Numerics.Tensors;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Runtime.Tests.Testing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>A callback between the gradients and the update of a step.</summary>
public sealed class GradientHookTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_hook_that_changes_nothing_changes_no_bit(int accumulation)
    {
        Assert.Equal(Run(null), Run(gradients => Assert.True(gradients.Norm > 0)));

        uint[] Run(Action<StepGradients>? hook)
        {
            using var model = new MixedNet(seed: 3);
            var options = new TrainerOptions { OnGradients = hook, ClipNorm = 0.5, AccumulationSteps = accumulation };
            using var trainer = new Trainer<MixedNet>(model, Loss.CrossEntropy, new AdamW(0.01), options);
            // Batches of powers of two: a mean then has the bits of a scaled sum.
            trainer.Train(Train.Take(256), epochs: 2, batchSize: 64);
            return Bits(model);
        }
    }

    [Fact]
    public void Gradients_of_all_layers_that_learn_are_shown_by_name()
    {
        using var model = new MixedNet(seed: 1);
        model.Rows.Freeze();
        var shown = new List<string>();
        var options = new TrainerOptions
        {
            OnGradients = gradients =>
            {
                foreach (var gradient in gradients)
                    shown.Add($"{gradients.Step} {gradient.Layer} {gradient.Name} {gradient.Values.Length}");
                Assert.Equal(0.25f, gradients.LearningRate);
                Assert.Equal(10, gradients["Head", "bias"].Values.Length);
                var error = Assert.Throws<ArgumentException>(() => gradients["Rows"].Layer);
                Assert.Contains("There are: Stem weight, Stem bias, ", error.Message, StringComparison.Ordinal);
            },
        };
        using var trainer = new Trainer<MixedNet>(model, Loss.CrossEntropy, new Sgd(0.25), options);
        using var batch = Batch(Train, 0, 32);
        trainer.Step(batch);
        Assert.Equal(
            [
                "1 Stem weight 50176", "1 Stem bias 64", "1 Kept weight 2048", "1 Kept bias 64", "1 Soft weight 2304", "1 Soft bias 48",
                "1 Twice weight 2304", "1 Twice bias 48", "1 Head weight 480", "1 Head bias 10",
            ],
            shown);
    }

    [Fact]
    public void Clipping_and_update_see_what_the_hook_leaves()
    {
        using var model = new PlainNet(seed: 1);
        var before = model.Head.Weight.ToArray();
        var options = new TrainerOptions
        {
            ClipNorm = 1,
            OnGradients = gradients =>
            {
                foreach (var gradient in gradients)
                    gradient.Values.Clear();
                gradients["Head"].Values.Fill(0.5f);
                Assert.Equal(10, gradients.Norm, 1e-5);
            },
        };
        using var trainer = new Trainer<PlainNet>(model, Loss.CrossEntropy, new Sgd(1), options);
        using var batch = Batch(Train, 0, 32);
        Assert.Equal(10, trainer.Step(batch).GradientNorm, 1e-5);
        Assert.Equal(before.Select(weight => weight - 0.05f), model.Head.Weight.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_hook_sees_the_mean_of_accumulated_batches_once()
    {
        using var model = new PlainNet(seed: 1);
        using var reference = new PlainNet(seed: 1);
        float[]? sum = null;
        float[]? whole = null;
        var calls = 0;
        var options = new TrainerOptions
        {
            AccumulationSteps = 3,
            OnGradients = gradients => (sum, calls) = (gradients["Stem"].Values.ToArray(), calls + 1),
        };
        using var trainer = new Trainer<PlainNet>(model, Loss.CrossEntropy, new Sgd(1), options);
        using var large = new Trainer<PlainNet>(
            reference, Loss.CrossEntropy, new Sgd(1),
            new TrainerOptions { OnGradients = gradients => whole = gradients["Stem"].Values.ToArray() });
        foreach (var (first, count) in new[] { (0, 20), (20, 30), (50, 10) })
        {
            using var batch = Batch(Train, first, count);
            trainer.Step(batch);
        }
        using var all = Batch(Train, 0, 60);
        large.Step(all);
        Assert.Equal(1, calls);
        Assert.Equal(whole!, sum!, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(reference.Stem.Weight.ToArray(), model.Stem.Weight.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Values_that_are_not_finite_and_exceptions_take_the_step_back()
    {
        using var model = new MixedNet(seed: 1);
        Action<StepGradients> action = _ => { };
        StepGradients? kept = null;
        var options = new TrainerOptions { OnGradients = gradients => action(kept = gradients), AccumulationSteps = 2 };
        using var trainer = new Trainer<MixedNet>(model, Loss.CrossEntropy, new Sgd(0.1, momentum: 0.9), options);
        using var batch = Batch(Train, 0, 32);
        trainer.Step(batch);
        trainer.Step(batch);
        var before = Bits(model);

        action = gradients => gradients["Head"].Values[3] = float.NaN;
        trainer.Step(batch);
        Assert.Contains(
            "gradient of Head", Assert.Throws<DivergenceException>(() => trainer.Step(batch)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits(model));
        action = gradients => throw new TimeoutException();
        trainer.Step(batch);
        Assert.Throws<TimeoutException>(() => trainer.Step(batch));
        Assert.Equal((before, 1), (Bits(model), trainer.StepsDone), (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2);

        action = _ => { };
        Assert.False(trainer.Step(batch).Updated);
        Assert.True(trainer.Step(batch).Updated);
        Assert.Throws<InvalidOperationException>(() => kept!.Norm);
        Assert.Throws<InvalidOperationException>(() => kept!.GetEnumerator());
    }

    [Fact]
    public void A_gradient_for_the_search_of_a_mask_is_shown_where_there_is_one()
    {
        var names = new HashSet<string>();
        using var model = new RegrowTiles(seed: 1);
        var options = new TrainerOptions
        {
            OnGradients = gradients =>
            {
                foreach (var gradient in gradients)
                    names.Add(gradient.Name);
            },
        };
        using var trainer = new Trainer<RegrowTiles>(model, Loss.MeanSquaredError, new Sgd(0.01), options);
        using var batch = Steps.RandomBatch(16, features: 20, targets: 264, seed: 1);
        for (var step = 0; step < 12; step++)
            trainer.Step(batch);
        Assert.Equal(["all weights", "weight"], names.Order());
    }

    [Fact]
    public void A_step_with_a_hook_allocates_nothing()
    {
        using var model = new PlainNet(seed: 1);
        var options = new TrainerOptions
        {
            Threads = 1,
            ClipNorm = 1,
            AccumulationSteps = 2,
            OnGradients = static gradients =>
            {
                foreach (var gradient in gradients)
                    TensorPrimitives.Multiply(gradient.Values, 0.5f, gradient.Values);
                _ = gradients["Head", "bias"].Values[0] + gradients.Norm;
            },
        };
        using var trainer = new Trainer<PlainNet>(model, Loss.CrossEntropy, new AdamW(0.001), options);
        using var batch = Batch(Train, 0, 64);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 4; i++)
                trainer.Step(batch);
        }));
    }
}
