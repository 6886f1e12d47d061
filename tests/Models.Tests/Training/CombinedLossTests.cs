using SparseSharp.Models.Tests.Gradients;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Training;

/// <summary>A loss over several outputs, and models that have them.</summary>
public sealed class CombinedLossTests
{
    private static readonly Loss _loss = Loss.Of(Loss.CrossEntropy.On(5, isLabel: true), Loss.MeanSquaredError.On(6, weight: 0.5));

    [Fact]
    public void A_sample_has_the_weighted_sum_of_its_parts()
    {
        var outputs = Values.Uniform(11, seed: 1);
        float[] targets = [3, .. Values.Uniform(6, seed: 2)];
        var (gradient, expected) = (new float[11], new float[11]);

        var value = _loss.Sample(outputs, new Target(targets), gradient);

        var first = Loss.CrossEntropy.Sample(outputs.AsSpan(0, 5), new Target(3), expected.AsSpan(0, 5));
        var second = Loss.MeanSquaredError.Sample(outputs.AsSpan(5), new Target(targets.AsSpan(1)), expected.AsSpan(5));
        foreach (ref var slope in expected.AsSpan(5))
            slope *= 0.5f;
        Assert.Equal(first + (0.5 * second), value);
        Assert.Equal(expected, gradient);
        Assert.Equal("Of(SoftmaxCrossEntropy.On(5, isLabel: true), MeanSquaredError.On(6, weight: 0.5))", _loss.ToString());
    }

    [Fact]
    public void Parts_decide_together_whether_a_sample_is_correct()
    {
        var loss =
            Loss.Of(Loss.CrossEntropyWith(ignore: -1).On(2, isLabel: true), Loss.MeanSquaredError.On(1), Loss.BinaryCrossEntropy.On(1));
        Assert.True(loss.HasAccuracy);
        Assert.True(loss.IsCorrect([0, 1, 9, 2], new Target([1, 0, 1])));
        Assert.False(loss.IsCorrect([1, 0, 9, 2], new Target([1, 0, 1])));
        Assert.False(loss.IsCorrect([0, 1, 9, -2], new Target([1, 0, 1])));
        Assert.True(loss.IsCorrect([1, 0, 9, 2], new Target([-1, 0, 1])));

        var gradient = new float[4];
        var expected = Loss.MeanSquaredError.Sample([9], new Target([0f]), new float[1])
            + Loss.BinaryCrossEntropy.Sample([2], new Target([1f]), new float[1]);
        Assert.Equal(expected, loss.Sample([1, 0, 9, 2], new Target([-1, 0, 1]), gradient));
        Assert.Equal([0, 0], gradient[..2]);
        Assert.False(Loss.Of(Loss.MeanSquaredError.On(1)).HasAccuracy);
    }

    [Fact]
    public void Targets_that_do_not_fit_are_refused()
    {
        Assert.Null(_loss.Fault(new Target([4, 1, 2, 3, 4, 5, 6]), 11));
        Assert.Contains("has a class label, but Of(", _loss.Fault(new Target(3), 11));
        Assert.Contains("has 2 target values, but Of(", _loss.Fault(new Target([1, 2]), 11));
        Assert.StartsWith("has the label 5, but the model has 5 outputs", _loss.Fault(new Target([5, 1, 2, 3, 4, 5, 6]), 11));
        Assert.StartsWith("has the label 1.5, which is no whole number", _loss.Fault(new Target([1.5f, 1, 2, 3, 4, 5, 6]), 11));
        Assert.Throws<ArgumentException>(() => Loss.Of());
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.MeanSquaredError.On(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.MeanSquaredError.On(1, weight: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.MeanSquaredError.On(1, weight: double.NaN));

        using var model = new TwoAndTwo(seed: 1);
        var data = new Dataset(new float[19], 19, new float[3], 3);
        var error = Assert.Throws<ArgumentException>(
            () => new Trainer<TwoAndTwo>(model, Loss.Of(Loss.MeanSquaredError.On(3)), new Sgd(0.1f)).Evaluate(data));
        Assert.Contains("is on 3 outputs, but the model has 11", error.Message);
    }

    [Fact]
    public void A_model_with_two_inputs_and_two_outputs_learns_saves_and_goes_on()
    {
        const int samples = 400;
        var inputs = Values.Uniform(samples * 19, seed: 3);
        var targets = new float[samples * 7];
        for (var sample = 0; sample < samples; sample++)
        {
            var row = inputs.AsSpan(sample * 19, 19);
            var target = targets.AsSpan(sample * 7, 7);
            target[0] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row[..5]);
            for (var i = 0; i < 6; i++)
                target[1 + i] = MathF.Abs(row[12 + i]);
        }
        var data = new Dataset(inputs, 19, targets, 7);
        using var model = new TwoAndTwo(seed: 4);
        var trainer = new Trainer<TwoAndTwo>(model, _loss, new Adam(5e-3f));

        var before = trainer.Evaluate(data);
        trainer.Train(data, epochs: 40, batchSize: 50);
        var after = trainer.Evaluate(data);

        Assert.True(after.Loss < before.Loss / 2, $"{before.Loss} to {after.Loss}");
        Assert.True(after.Accuracy > 0.6, $"{before.Accuracy} to {after.Accuracy}");
        var folder = Directory.CreateTempSubdirectory("sparsesharp-").FullName;
        var file = Path.Combine(folder, "net.safetensors");
        model.Save(file);
        using var loaded = TwoAndTwo.Load(file);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(model.Predict(inputs), loaded.Predict(inputs));
    }

    /// <summary>An output of a model does not depend on whether others are asked for.</summary>
    [Fact]
    public void Outputs_stand_one_after_the_other()
    {
        using var model = new OneAndTwo(seed: 2);
        var inputs = Values.Uniform(30 * 19, seed: 1);
        var outputs = model.Predict(inputs);
        for (var sample = 0; sample < 30; sample++)
        {
            Assert.All(outputs[(sample * 11)..((sample * 11) + 6)], value => Assert.InRange(value, 0.001f, 0.999f));
            Assert.All(outputs[((sample * 11) + 6)..((sample + 1) * 11)], value => Assert.True(value >= 0));
        }
        Assert.Contains(outputs, value => value == 0);
    }
}
