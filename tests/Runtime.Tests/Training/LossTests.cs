using SparseSharp.Training;

namespace SparseSharp.Runtime.Tests.Training;

public sealed class LossTests
{
    /// <summary>The losses of one sample in double, written as their definitions.</summary>
    private static readonly Dictionary<string, (Loss Loss, bool Labels, Func<LossPanel, int, double[], double> Reference)> s_losses = new()
    {
        ["cross-entropy"] = (Loss.SoftmaxCrossEntropy, true, (panel, s, x) => CrossEntropy(x, panel.Label(s), 0)),
        ["smoothed"] = (Loss.SoftmaxCrossEntropyWith(0.125f), true, (panel, s, x) => CrossEntropy(x, panel.Label(s), 0.125)),
        ["squared"] = (Loss.MeanSquaredError, false, (panel, s, x) => x.Zip(panel.Targets(s), (a, t) => (a - t) * (a - t)).Average()),
        ["huber"] = (Loss.Huber(0.75), false, (panel, s, x) => x.Zip(panel.Targets(s), (a, t) => Huber(a - t, 0.75)).Average()),
        ["binary"] = (Loss.BinaryCrossEntropy, false, (panel, s, x) => x.Zip(panel.Targets(s), Binary).Average()),
    };

    public static TheoryData<string, int, int, int> Panels
    {
        get
        {
            var data = new TheoryData<string, int, int, int>();
            foreach (var name in s_losses.Keys)
            {
                data.Add(name, 10, 64, 64);
                data.Add(name, 10, 64, 37);
                data.Add(name, 3, 16, 1);
                data.Add(name, 7, 4, 3);
                data.Add(name, 100, 48, 48);
                data.Add(name, 2, 132, 130);
                data.Add(name, 4, 128, 60);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Panels))]
    public void The_sum_is_that_of_the_definition(string name, int features, int width, int samples)
    {
        var (loss, labels, reference) = s_losses[name];
        using var panel = new LossPanel(features, width, samples, labels ? 0 : features, seed: features + samples);
        var expected = Enumerable.Range(0, samples).Sum(s => reference(panel, s, panel.Column(s)));
        Assert.Equal(expected, panel.Evaluate(loss).Sum, Math.Abs(expected) * 2e-6);
    }

    [Theory, MemberData(nameof(Panels))]
    public void The_gradient_is_the_central_difference_and_zero_in_the_padding(string name, int features, int width, int samples)
    {
        const float Scale = 0.25f;
        const double Step = 1e-5;
        var (loss, labels, reference) = s_losses[name];
        using var panel = new LossPanel(features, width, samples, labels ? 0 : features, seed: features + samples);
        panel.Evaluate(loss, Scale);
        for (var s = 0; s < width; s++)
        {
            for (var f = 0; f < features; f++)
            {
                var actual = panel.Gradient[(f * width) + s];
                if (s >= samples)
                {
                    Assert.Equal(0, actual);
                    continue;
                }
                var x = panel.Column(s);
                x[f] += Step;
                var above = reference(panel, s, x);
                x[f] -= 2 * Step;
                var below = reference(panel, s, x);
                Assert.Equal(Scale * (above - below) / (2 * Step), actual, 3e-7);
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void Cross_entropy_of_huge_logits_is_finite(float smoothing)
    {
        using var panel = new LossPanel(3, 4, 2, 0, seed: 1);
        float[] logits = [1e30f, 3e38f, 0, 0, -1e30f, 3e38f, 0, 0, 0, 1e38f, 0, 0];
        logits.CopyTo(panel.Output);
        panel.Batch.Labels[LossPanel.FirstSample] = 0;
        panel.Batch.Labels[LossPanel.FirstSample + 1] = 1;
        var result = panel.Evaluate(Loss.SoftmaxCrossEntropyWith(smoothing));
        Assert.True(double.IsFinite(result.Sum));
        Assert.All(panel.Gradient.ToArray(), g => Assert.True(float.IsFinite(g)));
        Assert.Equal(1, result.Correct);
    }

    [Fact]
    public void An_output_that_is_not_a_number_is_never_correct()
    {
        foreach (var (loss, features) in new[] { (Loss.BinaryCrossEntropy, 1), (Loss.CrossEntropy, 3) })
        {
            using var panel = new LossPanel(features, width: 16, samples: 12, targetFeatures: 0, seed: 1);
            panel.Output.Fill(float.NaN);
            Assert.Equal(0, panel.Evaluate(loss).Correct);
        }
    }

    [Fact]
    public void Binary_cross_entropy_of_huge_logits_is_finite()
    {
        using var panel = new LossPanel(1, 4, 4, 1, seed: 1);
        float[] logits = [1000, -1000, 1000, -1000];
        logits.CopyTo(panel.Output);
        float[] targets = [1, 0, 0, 1];
        targets.CopyTo(panel.Batch.Targets[LossPanel.FirstSample..]);
        var result = panel.Evaluate(Loss.BinaryCrossEntropy);
        Assert.Equal(2000, result.Sum, 1e-3);
        Assert.Equal([0f, 0f, 1f, -1f], panel.Gradient.ToArray());
        Assert.Equal(2, result.Correct);
    }

    [Fact]
    public void The_largest_output_is_the_prediction_and_the_lowest_class_wins_a_tie()
    {
        using var panel = new LossPanel(3, 4, 4, 0, seed: 1);
        float[] logits = [1, 2, 5, 0, 3, 2, 5, 0, 2, 1, 5, 0];
        logits.CopyTo(panel.Output);
        int[] labels = [1, 1, 0, 2];
        labels.CopyTo(panel.Batch.Labels[LossPanel.FirstSample..]);
        Assert.Equal(2, panel.Evaluate(Loss.SoftmaxCrossEntropy).Correct);
    }

    [Fact]
    public void Labels_serve_binary_cross_entropy_with_one_output()
    {
        using var panel = new LossPanel(1, 16, 9, 0, seed: 3);
        Loss.BinaryCrossEntropy.Check(Targets.Of(panel.Batch), 1);
        var result = panel.Evaluate(Loss.BinaryCrossEntropy);
        var samples = Enumerable.Range(0, 9).ToArray();
        Assert.Equal(samples.Sum(s => Binary(panel.Column(s)[0], panel.Label(s))), result.Sum, 1e-5);
        Assert.Equal(samples.Count(s => panel.Column(s)[0] > 0 == (panel.Label(s) == 1)), result.Correct);
    }

    [Fact]
    public void A_sample_of_several_binary_outputs_is_correct_if_all_of_them_are()
    {
        using var panel = new LossPanel(2, 4, 3, 2, seed: 3);
        float[] logits = [1, 1, -1, 0, -1, 1, -1, 0];
        logits.CopyTo(panel.Output);
        float[] targets = [1, 0, 1, 0, 0, 0];
        targets.CopyTo(panel.Batch.Targets[(2 * LossPanel.FirstSample)..]);
        Assert.Equal(2, panel.Evaluate(Loss.BinaryCrossEntropy).Correct);
    }

    [Fact]
    public void An_invalid_output_makes_an_invalid_loss()
    {
        foreach (var (_, (loss, labels, _)) in s_losses)
        {
            using var panel = new LossPanel(3, 16, 5, labels ? 0 : 3, seed: 1);
            panel.Output[16 + 2] = float.NaN;
            Assert.True(double.IsNaN(panel.Evaluate(loss).Sum), loss.ToString());
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void A_label_out_of_range_names_its_sample_and_value(int label)
    {
        using var batch = new Batch(8, 1, 0) { Count = 8 };
        batch.Labels[6] = label;
        var error = Assert.Throws<ArgumentException>(() => Loss.SoftmaxCrossEntropy.Check(Targets.Of(batch), 10));
        Assert.Contains("Sample 6", error.Message);
        Assert.Contains($"label {label}", error.Message);
        batch.Labels[6] = 9;
        Loss.SoftmaxCrossEntropy.Check(Targets.Of(batch), 10);
    }

    [Fact]
    public void Targets_that_do_not_fit_the_loss_are_errors()
    {
        using var labels = new Batch(2, 1, 0) { Count = 2 };
        using var values = new Batch(2, 1, 3) { Count = 2 };
        Assert.Throws<ArgumentException>(() => Loss.SoftmaxCrossEntropy.Check(Targets.Of(values), 3));
        Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.Check(Targets.Of(labels), 3));
        Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.Check(Targets.Of(values), 2));
        Assert.Throws<ArgumentException>(() => Loss.BinaryCrossEntropy.Check(Targets.Of(labels), 3));
        Assert.Throws<ArgumentException>(() => Loss.BinaryCrossEntropy.Check(Targets.Of(values), 2));
        Loss.BinaryCrossEntropy.Check(Targets.Of(values), 3);
        values.Targets[4] = 1.5f;
        Assert.Contains("Sample 1", Assert.Throws<ArgumentException>(() => Loss.BinaryCrossEntropy.Check(Targets.Of(values), 3)).Message);
        labels.Labels[1] = 2;
        Assert.Contains("Sample 1", Assert.Throws<ArgumentException>(() => Loss.BinaryCrossEntropy.Check(Targets.Of(labels), 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SoftmaxCrossEntropyWith(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Huber(0));
        Assert.Throws<ArgumentException>(() => Loss.Huber().Check(Targets.Of(labels), 1));
    }

    private static double CrossEntropy(double[] x, int label, double smoothing)
    {
        var largest = x.Max();
        var logSum = largest + Math.Log(x.Sum(v => Math.Exp(v - largest)));
        return x.Select((v, k) => (logSum - v) * ((k == label ? 1 - smoothing : 0) + (smoothing / x.Length))).Sum();
    }

    private static double Huber(double difference, double delta) => Math.Abs(difference) <= delta
        ? 0.5 * difference * difference
        : delta * (Math.Abs(difference) - (0.5 * delta));

    private static double Binary(double x, double target) =>
        -((target * Math.Log(1 / (1 + Math.Exp(-x)))) + ((1 - target) * Math.Log(1 - (1 / (1 + Math.Exp(-x))))));
}
