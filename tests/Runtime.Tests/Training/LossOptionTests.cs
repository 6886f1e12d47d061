using SparseSharp.Training;

namespace SparseSharp.Runtime.Tests.Training;

/// <summary>Class weights, ignored labels, distributions as targets, and weights of positive targets.</summary>
public sealed class LossOptionTests
{
    private const int Ignored = -1;

    public static TheoryData<string, int, int, int> Panels
    {
        get
        {
            var data = new TheoryData<string, int, int, int>();
            string[] names =
            [
                "weights", "weights and smoothing", "ignored", "ignored and weights",
                "distributions", "distributions, weights and smoothing", "positive weights",
            ];
            foreach (var name in names)
            {
                data.Add(name, 10, 64, 64);
                data.Add(name, 3, 16, 1);
                data.Add(name, 7, 4, 3);
                data.Add(name, 2, 132, 130);
                data.Add(name, 40, 48, 37);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Panels))]
    public void Sums_are_those_of_the_definition_and_gradients_central_differences(string name, int features, int width, int samples)
    {
        const float Scale = 0.25f;
        const double Step = 1e-5;
        var weights = Enumerable.Range(0, features).Select(f => 0.5 + (f % 3)).ToArray();
        var loss = Make(name, weights);
        using var panel = Panel(name, features, width, samples);

        var result = panel.Evaluate(loss, Scale);

        var counted = Enumerable.Range(0, samples).Where(s => !IsIgnored(name, panel, s)).ToArray();
        var expected = counted.Sum(s => Reference(name, panel, s, panel.Column(s), weights));
        Assert.Equal(expected, result.Sum, (Math.Abs(expected) * 2e-6) + 1e-7);
        Assert.Equal(counted.Sum(s => WeightOf(name, panel, s, weights)), result.Weight, 1e-9);
        Assert.Equal(counted.Length, result.Samples);
        for (var s = 0; s < width; s++)
        {
            for (var f = 0; f < features; f++)
            {
                var actual = panel.Gradient[(f * width) + s];
                if (!counted.Contains(s))
                {
                    Assert.Equal(0, actual);
                    continue;
                }
                var x = panel.Column(s);
                x[f] += Step;
                var above = Reference(name, panel, s, x, weights);
                x[f] -= 2 * Step;
                var below = Reference(name, panel, s, x, weights);
                Assert.Equal(Scale * (above - below) / (2 * Step), actual, 6e-7);
            }
        }
    }

    /// <summary>Numbers that PyTorch's formulas give, in double.</summary>
    [Fact]
    public void Means_divide_by_what_PyTorch_divides_by()
    {
        double[] weights = [1, 2, 3];
        Assert.Equal(1.1938599428986316, Mean(Loss.CrossEntropyWith(classWeights: weights), [2, 0, 1]), 1e-6);
        Assert.Equal(1.213304387343076, Mean(Loss.CrossEntropyWith(0.1, weights), [2, 0, 1]), 1e-6);
        Assert.Equal(1.3511107385894818, Mean(Loss.CrossEntropyWith(classWeights: weights, ignore: -100), [2, -100, 1]), 1e-6);
        float[] shares = [0.2f, 0.3f, 0.5f, 1, 0, 0, 0.25f, 0.25f, 0.5f];
        Assert.Equal(0.9271932762319648, Mean(Loss.CrossEntropy, shares), 1e-6);
        Assert.Equal(1.6484891146383671, Mean(Loss.CrossEntropyWith(0.1, weights), shares), 1e-6);

        using var panel = new LossPanel(features: 2, width: 4, samples: 2, targetFeatures: 2, seed: 1);
        float[] logits = [1, 0.5f, 0, 0, -2, 3, 0, 0];
        logits.CopyTo(panel.Output);
        float[] targets = [1, 0, 0.25f, 1];
        targets.CopyTo(panel.Batch.Targets[(2 * LossPanel.FirstSample)..]);
        var result = panel.Evaluate(Loss.BinaryCrossEntropyWith([3, 0.5]));
        Assert.Equal(0.5442805564136681, result.Sum / result.Weight, 1e-6);
    }

    [Fact]
    public void Options_that_change_nothing_give_the_loss_without_them()
    {
        foreach (var (options, plain, distributions) in new[]
        {
            (Loss.CrossEntropyWith(classWeights: [1, 1, 1]), Loss.CrossEntropy, false),
            (Loss.CrossEntropyWith(ignore: -1), Loss.CrossEntropy, false),
            (Loss.CrossEntropyWith(0.2, [1, 1, 1], ignore: -1), Loss.CrossEntropyWith(0.2), false),
            (Loss.BinaryCrossEntropyWith([1, 1, 1]), Loss.BinaryCrossEntropy, true),
        })
        {
            using var first = new LossPanel(3, 16, 13, distributions ? 3 : 0, seed: 2);
            using var second = new LossPanel(3, 16, 13, distributions ? 3 : 0, seed: 2);
            var (one, two) = (first.Evaluate(options, 0.1f), second.Evaluate(plain, 0.1f));
            Assert.Equal(two.Sum, one.Sum, 1e-5);
            Assert.Equal((two.Weight, two.Correct, two.Samples), (one.Weight, one.Correct, one.Samples));
            Assert.Equal(second.Gradient.ToArray(), first.Gradient.ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);
        }
    }

    [Fact]
    public void A_distribution_that_is_a_label_has_its_loss()
    {
        using var labels = new LossPanel(5, 16, 11, 0, seed: 4);
        using var shares = new LossPanel(5, 16, 11, 5, seed: 4);
        labels.Output.CopyTo(shares.Output);
        shares.Batch.Targets.Clear();
        for (var s = 0; s < 11; s++)
            shares.Batch.Targets[((LossPanel.FirstSample + s) * 5) + labels.Label(s)] = 1;
        var (expected, actual) = (labels.Evaluate(Loss.CrossEntropyWith(0.1)), shares.Evaluate(Loss.CrossEntropyWith(0.1)));
        Assert.Equal(expected.Sum, actual.Sum, 1e-5);
        Assert.Equal(expected.Correct, actual.Correct);
        Assert.Equal(labels.Gradient.ToArray(), shares.Gradient.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Ignored_samples_may_have_any_output()
    {
        foreach (var (loss, features) in new[]
        {
            (Loss.CrossEntropyWith(ignore: Ignored), 3), (Loss.CrossEntropyWith(0.1, [1, 2, 3], Ignored), 3),
            (Loss.BinaryCrossEntropyWith(ignore: Ignored), 1), (new Squares(), 3),
        })
        {
            using var panel = new LossPanel(features, 8, 6, 0, seed: 1);
            panel.Batch.Labels[LossPanel.FirstSample + 2] = Ignored;
            for (var f = 0; f < features; f++)
                panel.Output[(f * 8) + 2] = float.NaN;
            var result = panel.Evaluate(loss);
            Assert.True(double.IsFinite(result.Sum), $"{loss}");
            Assert.Equal(5, result.Samples);
            Assert.All(panel.Gradient.ToArray(), gradient => Assert.True(float.IsFinite(gradient)));
        }
    }

    [Fact]
    public void A_class_of_weight_0_counts_in_no_accuracy()
    {
        using var panel = new LossPanel(3, 4, 3, 0, seed: 1);
        float[] logits = [9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0];
        logits.CopyTo(panel.Output);
        int[] labels = [0, 1, 2];
        labels.CopyTo(panel.Batch.Labels[LossPanel.FirstSample..]);
        var result = panel.Evaluate(Loss.CrossEntropyWith(classWeights: [0, 1, 1]));
        Assert.Equal((2, 2, 2.0), (result.Correct, result.Samples, result.Weight));
    }

    [Fact]
    public void The_class_with_the_largest_share_is_the_correct_one()
    {
        using var panel = new LossPanel(3, 4, 2, 3, seed: 1);
        float[] logits = [1, 2, 0, 0, 3, 1, 0, 0, 2, 3, 0, 0];
        logits.CopyTo(panel.Output);
        float[] shares = [0.3f, 0.4f, 0.3f, 0.5f, 0.3f, 0.2f];
        shares.CopyTo(panel.Batch.Targets[(3 * LossPanel.FirstSample)..]);
        Assert.Equal(1, panel.Evaluate(Loss.CrossEntropy).Correct);
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.25f, 0.5f }, "Sample 1", "sum 1.25")]
    [InlineData(new[] { 0.75f, -0.25f, 0.5f }, "Sample 1", "target -0.25 at output 1")]
    [InlineData(new[] { float.NaN, 0.25f, 0.5f }, "Sample 1", "target NaN at output 0")]
    public void A_target_that_is_no_distribution_is_named(float[] shares, params string[] words)
    {
        using var batch = new Batch(2, 1, 3) { Count = 2 };
        new float[] { 0, 0.9999f, 0 }.CopyTo(batch.Targets);
        shares.CopyTo(batch.Targets[3..]);
        var error = Assert.Throws<ArgumentException>(() => Loss.CrossEntropy.Check(Targets.Of(batch), 3));
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_that_do_not_fit_are_named()
    {
        Assert.Contains("weight 1", Assert.Throws<ArgumentOutOfRangeException>(
            () => Loss.CrossEntropyWith(classWeights: [1, -2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.CrossEntropyWith(classWeights: [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.BinaryCrossEntropyWith([1e300]));
        using var batch = new Batch(2, 1, 0) { Count = 2 };
        var error = Assert.Throws<ArgumentException>(() => Loss.CrossEntropyWith(classWeights: [1, 2]).Check(Targets.Of(batch), 3));
        Assert.Contains("has 2 class weights, but the model has 3 outputs", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Loss.BinaryCrossEntropyWith([1, 2]).Check(Targets.Of(batch), 1));
        batch.Labels[1] = -1;
        Assert.Contains("label -1", Assert.Throws<ArgumentException>(
            () => Loss.CrossEntropyWith(ignore: -2).Check(Targets.Of(batch), 3)).Message, StringComparison.Ordinal);
        Assert.Equal(1, Loss.CrossEntropyWith(ignore: -1).Check(Targets.Of(batch), 3));
        Assert.Equal(4, Loss.CrossEntropyWith(classWeights: [4, 2, 1], ignore: -1).Check(Targets.Of(batch), 3));
    }

    /// <summary>Checkpoints compare these texts.</summary>
    [Fact]
    public void Settings_are_told()
    {
        Assert.Equal("SoftmaxCrossEntropy", $"{Loss.CrossEntropyWith()}");
        Assert.Equal("SoftmaxCrossEntropy(labelSmoothing: 0.1)", $"{Loss.CrossEntropyWith(0.1)}");
        Assert.Equal(
            "SoftmaxCrossEntropy(labelSmoothing: 0.1, classWeights: [1, 0.5], ignore: -1)", $"{Loss.CrossEntropyWith(0.1, [1, 0.5], -1)}");
        Assert.Equal("BinaryCrossEntropy(positiveWeights: [2], ignore: 7)", $"{Loss.BinaryCrossEntropyWith([2], 7)}");
        var many = Enumerable.Repeat(1.0, 100).ToArray();
        Assert.Matches(
            @"^SoftmaxCrossEntropy\(classWeights: 100 with hash [0-9a-f]{16}\)$", $"{Loss.CrossEntropyWith(classWeights: many)}");
        var before = $"{Loss.CrossEntropyWith(classWeights: many)}";
        many[99] = 1.5;
        Assert.NotEqual(before, $"{Loss.CrossEntropyWith(classWeights: many)}");
    }

    private static double Mean(Loss loss, int[] labels)
    {
        using var panel = PanelOfThree(0);
        labels.CopyTo(panel.Batch.Labels[LossPanel.FirstSample..]);
        var result = panel.Evaluate(loss);
        return result.Sum / result.Weight;
    }

    private static double Mean(Loss loss, float[] shares)
    {
        using var panel = PanelOfThree(3);
        shares.CopyTo(panel.Batch.Targets[(3 * LossPanel.FirstSample)..]);
        var result = panel.Evaluate(loss);
        return result.Sum / result.Weight;
    }

    private static LossPanel PanelOfThree(int targetFeatures)
    {
        var panel = new LossPanel(features: 3, width: 4, samples: 3, targetFeatures, seed: 1);
        float[] logits = [1, 1, 0.5f, 0, 2, 0, -0.5f, 0, 3, -1, 2, 0];
        logits.CopyTo(panel.Output);
        return panel;
    }

    private static Loss Make(string name, double[] weights) => name switch
    {
        "weights" => Loss.CrossEntropyWith(classWeights: weights),
        "weights and smoothing" => Loss.CrossEntropyWith(0.125, weights),
        "ignored" => Loss.CrossEntropyWith(0.125, ignore: Ignored),
        "ignored and weights" => Loss.CrossEntropyWith(0, weights, Ignored),
        "distributions" => Loss.CrossEntropy,
        "distributions, weights and smoothing" => Loss.CrossEntropyWith(0.125, weights),
        _ => Loss.BinaryCrossEntropyWith(weights),
    };

    private static LossPanel Panel(string name, int features, int width, int samples)
    {
        var hasLabels = !name.StartsWith("distributions", StringComparison.Ordinal) && name != "positive weights";
        var panel = new LossPanel(features, width, samples, hasLabels ? 0 : features, seed: features + samples);
        if (name.StartsWith("ignored", StringComparison.Ordinal))
        {
            for (var s = 1; s < samples; s += 3)
                panel.Batch.Labels[LossPanel.FirstSample + s] = Ignored;
        }
        for (var s = 0; s < panel.Batch.Count && name.StartsWith("distributions", StringComparison.Ordinal); s++)
        {
            var shares = panel.Batch.Targets.Slice(s * features, features);
            var sum = shares.ToArray().Sum();
            foreach (ref var share in shares)
                share /= sum;
        }
        return panel;
    }

    private static bool IsIgnored(string name, LossPanel panel, int sample) =>
        name.StartsWith("ignored", StringComparison.Ordinal) && panel.Label(sample) == Ignored;

    private static double WeightOf(string name, LossPanel panel, int sample, double[] weights) =>
        name is "weights" or "weights and smoothing" or "ignored and weights" ? weights[panel.Label(sample)] : 1;

    private static double Reference(string name, LossPanel panel, int sample, double[] x, double[] weights)
    {
        if (name == "positive weights")
            return x.Zip(panel.Targets(sample), weights).Select(entry => Binary(entry.First, entry.Second, entry.Third)).Average();
        var smoothing = name is "distributions" or "weights" or "ignored and weights" ? 0 : 0.125;
        var shares = name.StartsWith("distributions", StringComparison.Ordinal)
            ? panel.Targets(sample)
            : [.. Enumerable.Range(0, x.Length).Select(f => f == panel.Label(sample) ? 1.0 : 0)];
        var largest = x.Max();
        var logSum = largest + Math.Log(x.Sum(v => Math.Exp(v - largest)));
        return Enumerable.Range(0, x.Length).Sum(f =>
        {
            var share = ((1 - smoothing) * shares[f]) + (smoothing / x.Length);
            return (name is "ignored" or "distributions" ? 1 : weights[f]) * share * (logSum - x[f]);
        });
    }

    private static double Binary(double x, double target, double weight) =>
        -((weight * target * Math.Log(1 / (1 + Math.Exp(-x)))) + ((1 - target) * Math.Log(1 / (1 + Math.Exp(x)))));

    /// <summary>A loss of a user that leaves samples out.</summary>
    private sealed class Squares : Loss
    {
        public override double Weight(Target target) => target.Label == Ignored ? 0 : 1;

        public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient)
        {
            output.CopyTo(gradient);
            return output.ToArray().Sum(x => 0.5 * x * x);
        }
    }
}
