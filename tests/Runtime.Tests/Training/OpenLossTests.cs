using SparseSharp.Runtime.Tests.Testing;
using SparseSharp.Training;

namespace SparseSharp.Runtime.Tests.Training;

/// <summary>Losses of a user, and the losses that come with the package used sample by sample.</summary>
public sealed class OpenLossTests
{
    [Theory]
    [InlineData(10, 64, 64)]
    [InlineData(3, 16, 1)]
    [InlineData(2, 132, 130)]
    [InlineData(200, 48, 37)]
    public void A_loss_sample_by_sample_is_the_one_that_goes_by_columns(int features, int width, int samples)
    {
        (Loss, bool)[] losses = [(Loss.CrossEntropyWith(0.1), true), (Loss.MeanSquaredError, false), (Loss.BinaryCrossEntropy, false)];
        foreach (var (loss, labels) in losses)
        {
            using var fast = new LossPanel(features, width, samples, labels ? 0 : features, seed: samples);
            using var slow = new LossPanel(features, width, samples, labels ? 0 : features, seed: samples);
            var (expected, actual) = (fast.Evaluate(loss, 0.5f), slow.Evaluate(new Wrapped(loss), 0.5f));
            Assert.Equal(expected.Sum, actual.Sum, Math.Abs(expected.Sum) * 1e-6);
            Assert.Equal((expected.Weight, expected.Correct, expected.Samples), (actual.Weight, actual.Correct, actual.Samples));
            Assert.Equal(fast.Gradient.ToArray(), slow.Gradient.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void Weights_count_in_the_denominator_and_0_leaves_a_sample_out()
    {
        using var panel = new LossPanel(2, 8, 5, 2, seed: 3);
        float[] weights = [2, 0, 0.5f, 1, 0];
        for (var s = 0; s < 5; s++)
            panel.Batch.Targets[2 * (LossPanel.FirstSample + s)] = weights[s];
        var result = panel.Evaluate(new Weighted(), 0.5f);
        Assert.Equal((3.5, 3, 2), (result.Weight, result.Samples, result.Correct));
        Assert.Equal(3.5, result.Sum);
        Assert.Equal([1f, 0, 0.25f, 0.5f, 0, 0, 0, 0], panel.Gradient[..8].ToArray());
    }

    [Fact]
    public void A_step_calls_a_loss_without_allocating()
    {
        using var panel = new LossPanel(12, 64, 60, 0, seed: 3);
        var loss = new Wrapped(Loss.CrossEntropyWith(0.1, Enumerable.Repeat(2.0, 12).ToArray(), ignore: -1));
        panel.Batch.Labels[LossPanel.FirstSample + 3] = -1;
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            panel.Evaluate(loss);
            loss.Check(Targets.Of(panel.Batch), 12);
        }));
    }

    [Fact]
    public void Targets_are_checked_by_default_as_one_would_expect()
    {
        using var labels = new Batch(3, 1, 0) { Count = 3 };
        using var values = new Batch(3, 1, 2) { Count = 3 };
        var loss = new Anything();
        labels.Labels[2] = 4;
        Assert.Contains("Sample 2 of the batch has the label 4",
            Assert.Throws<ArgumentException>(() => loss.Check(Targets.Of(labels), 4)).Message, StringComparison.Ordinal);
        Assert.Equal(3, loss.Check(Targets.Of(labels), 5));
        Assert.Contains("has 2 target values",
            Assert.Throws<ArgumentException>(() => loss.Check(Targets.Of(values), 3)).Message, StringComparison.Ordinal);
        Assert.Equal(3, loss.Check(Targets.Of(values), 2));
        Assert.Contains("the weight NaN", Assert.Throws<ArgumentException>(
            () => new Anything { Every = double.NaN }.Check(Targets.Of(values), 2)).Message, StringComparison.Ordinal);
        Assert.Contains("the weight -1", Assert.Throws<ArgumentException>(
            () => new Anything { Every = -1 }.Check(Targets.Of(values), 2)).Message, StringComparison.Ordinal);
        Assert.False(loss.HasAccuracy);
    }

    [Fact]
    public void Samples_that_do_not_fit_are_errors()
    {
        var room = new float[3];
        Assert.Throws<ArgumentException>(() => Loss.CrossEntropy.Sample([1, 2, 3], new Target(3), room));
        Assert.Throws<ArgumentException>(() => Loss.CrossEntropy.Sample([1, 2, 3], new Target(0), room.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => Loss.CrossEntropyWith(classWeights: [1, 2]).Sample([1, 2, 3], new Target(0), room));
        Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.Sample([1, 2, 3], new Target([1f, 2]), room));
        Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.IsCorrect([1, 2, 3], new Target([1f, 2])));
        Assert.Throws<InvalidOperationException>(() => new Target([1f]).Label);
        Assert.Equal(0, Loss.CrossEntropyWith(ignore: 9).Sample([1, 2, 3], new Target(9), room));
        Assert.True(Loss.CrossEntropy.IsCorrect([1, 2, 3], new Target(2)));
        Assert.False(Loss.CrossEntropy.IsCorrect([1, 2, 3], new Target(1)));
    }

    /// <summary>A loss of a user that asks another one.</summary>
    private sealed class Wrapped(Loss inner) : Loss
    {
        public override bool HasAccuracy => inner.HasAccuracy;

        public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient) =>
            inner.Sample(output, target, gradient);

        public override double Weight(Target target) => inner.Weight(target);

        public override bool IsCorrect(ReadOnlySpan<float> output, Target target) => inner.IsCorrect(output, target);

        public override string? Fault(Target target, int outputs) => inner.Fault(target, outputs);
    }

    /// <summary>The first target is a weight: the loss is the weight, its gradient for the first output too.</summary>
    private sealed class Weighted : Loss
    {
        public override bool HasAccuracy => true;

        public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient) => gradient[0] = target.Values[0];

        public override double Weight(Target target) => target.Values[0];

        public override bool IsCorrect(ReadOnlySpan<float> output, Target target) => target.Values[0] >= 1 || target.Values[0] == 0;
    }

    private sealed class Anything : Loss
    {
        public double Every { get; init; } = 1;

        public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient) => 0;

        public override double Weight(Target target) => Every;
    }
}
