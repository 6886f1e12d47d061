using SparseSharp.Learning;
using SparseSharp.Matrices;

namespace SparseSharp.Runtime.Tests.Annealing;

public sealed unsafe class LearnedThresholdTests
{
    private static readonly Dictionary<string, (float[] Weight, float S, float[] Gradient)> Cases = new()
    {
        ["A"] = ([.5f, -.2f, .05f], -2, [.1f, -.3f, .4f]),
        ["B"] = ([.5f, -.2f, .05f, -.02f, .11f], -2, [1, 2, -3, 4, -5]),
        ["C"] = ([1, -.75f, .25f, -.5f], 0, [1, 1, 1, 1]),
        ["D"] = ([.3f, 0, -.001f, -.9f], -5, [.2f, .7f, -.4f, .1f]),
        ["E"] = ([.01f, -.02f, .03f], 3, [1, -1, 2]),
    };

    [Theory]
    [InlineData(-2, .1192029220, .1049935854)]
    [InlineData(-5, .0066928509, .0066480567)]
    [InlineData(3, .9525741268, .0451766597)]
    [InlineData(0, .5, .25)]
    public void Golden_thresholds(float s, double value, double slope)
    {
        Assert.Equal(value, LearnedThreshold.Value(s), 1e-7 * value);
        Assert.Equal(slope, LearnedThreshold.Slope(s), 5.1e-11);
    }

    [Theory]
    [InlineData("A", "110", ".3807970780 -.0807970780 0")]
    [InlineData("B", "11000", ".3807970780 -.0807970780 0 0 0")]
    [InlineData("C", "1100", ".5 -.25 0 0")]
    [InlineData("D", "1001", ".2933071491 0 0 -.8933071491")]
    [InlineData("E", "000", "0 0 0")]
    public void Golden_weights_in_use(string name, string mask, string golden)
    {
        var expected = Parse(golden);
        var (weight, s, _) = Cases[name];
        var (used, kept) = Apply(weight, s);
        Assert.Equal(mask, Bits(kept, weight.Length));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], used[i], 1e-6 * Math.Abs(expected[i]));
            Assert.Equal(expected[i], ThresholdReference.Forward(Wide(weight), s)[i], 3e-8);
        }
    }

    [Theory]
    [InlineData("A", 0, -.0419974342, ".1 -.3 0")]
    [InlineData("A", .25, -.0524967927, ".1 -.3 .1")]
    [InlineData("A", .5, -.0629961512, ".1 -.3 .2")]
    [InlineData("A", 1, -.0839948683, ".1 -.3 .4")]
    [InlineData("B", 0, .1049935854, "1 2 0 0 0")]
    [InlineData("B", .25, .4199743416, "1 2 -.75 1 -1.25")]
    [InlineData("B", 1, 1.3649166102, "1 2 -3 4 -5")]
    [InlineData("C", .25, 0, "1 1 .25 .25")]
    [InlineData("D", .5, -.0019944170, ".2 .35 -.2 .1")]
    [InlineData("E", 0, 0, "0 0 0")]
    [InlineData("E", .5, -.0903533195, ".5 -.5 1")]
    public void Golden_gradients(string name, double alpha, double threshold, string golden)
    {
        var expected = Parse(golden);
        var (weight, s, gradient) = Cases[name];
        var (used, slope) = Backward(weight, gradient, s, (float)alpha);
        Assert.Equal(threshold, slope, 1e-5 * Math.Max(Math.Abs(threshold), 1e-3));
        var reference = ThresholdReference.Backward(Wide(weight), Wide(gradient), s, alpha);
        Assert.Equal(threshold, reference.Threshold, 1e-8);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], used[i], 1e-6 * Math.Abs(expected[i]));
            Assert.Equal(expected[i], reference.Weight[i], 1e-7);
        }
    }

    [Fact]
    public void Golden_scopes()
    {
        float[] weight = [.5f, -.2f, .05f, -.3f];
        float[] gradient = [1, 2, 3, 4];
        var first = Backward(weight[..2], gradient[..2], -2, .5f);
        var second = Backward(weight[2..], gradient[2..], 0, .5f);
        Assert.Equal([1f, 2, 1.5f, 2], [.. first.Weight, .. second.Weight]);
        Assert.Equal(.1049935854, first.Threshold, 1e-6);
        Assert.Equal(.125, second.Threshold, 1e-6);

        var third = Backward(weight[2..], gradient[2..], -2, .5f);
        Assert.Equal([1.5f, 4], third.Weight);
        Assert.Equal(.3674775489, first.Threshold + third.Threshold, 4e-6);
    }

    /// <summary>The backward pass is the exact gradient of a surrogate; the float kernels follow it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(.25)]
    [InlineData(1)]
    public void Gradients_are_those_of_the_surrogate(double alpha)
    {
        const double Step = 1e-6;
        foreach (var s in new[] { -4.0, -2, -1 })
        {
            var weight = Wide(Gaussian(301, 0.2f, 1));
            var gradient = Wide(Gaussian(301, 1, 2));
            var backward = ThresholdReference.Backward(weight, gradient, s, alpha);
            double Surrogate(double[] at, double threshold) => ThresholdReference.Surrogate(at, gradient, threshold, alpha);
            Assert.Equal(
                (Surrogate(weight, s + Step) - Surrogate(weight, s - Step)) / (2 * Step), backward.Threshold, 1e-7 * weight.Length);
            for (var i = 0; i < weight.Length; i++)
            {
                var (above, below) = ((double[])weight.Clone(), (double[])weight.Clone());
                (above[i], below[i]) = (weight[i] + Step, weight[i] - Step);
                var slope = (Surrogate(above, s) - Surrogate(below, s)) / (2 * Step);
                Assert.Equal(slope, backward.Weight[i], 1e-7);
            }

            var (narrow, narrowThreshold) =
                Backward([.. weight.Select(w => (float)w)], [.. gradient.Select(g => (float)g)], (float)s, (float)alpha);
            Assert.Equal(backward.Threshold, narrowThreshold, 1e-5 * gradient.Sum(Math.Abs) * LearnedThreshold.Slope((float)s));
            for (var i = 0; i < narrow.Length; i++)
                Assert.Equal(backward.Weight[i], narrow[i], 1e-6 * Math.Abs(gradient[i]));
        }
    }

    [Fact]
    public void Gradients_are_affine_in_alpha_and_those_of_kept_weights_do_not_depend_on_it()
    {
        var (weight, gradient) = (Gaussian(200, .2f, 3), Gaussian(200, 1, 4));
        var (none, half, all) = (Backward(weight, gradient, -2, 0), Backward(weight, gradient, -2, .5f), Backward(weight, gradient, -2, 1));
        Assert.Equal((none.Threshold + all.Threshold) / 2, half.Threshold, 1e-5);
        var (_, kept) = Apply(weight, -2);
        for (var i = 0; i < weight.Length; i++)
        {
            Assert.Equal((none.Weight[i] + all.Weight[i]) / 2, half.Weight[i]);
            if ((kept[i / 64] >> i & 1) != 0)
                Assert.True(none.Weight[i] == gradient[i] && all.Weight[i] == gradient[i]);
        }
    }

    [Fact]
    public void Turning_all_signs_turns_the_gradient_and_leaves_that_of_the_threshold()
    {
        var (weight, gradient) = (Gaussian(150, .2f, 5), Gaussian(150, 1, 6));
        var (one, other) =
            (Backward(weight, gradient, -2, .25f), Backward([.. weight.Select(w => -w)], [.. gradient.Select(g => -g)], -2, .25f));
        Assert.Equal(one.Threshold, other.Threshold);
        Assert.Equal(one.Weight, other.Weight.Select(g => -g));
    }

    [Fact]
    public void A_higher_threshold_keeps_no_more_and_no_weight_grows()
    {
        var weight = Gaussian(203, .2f, 7);
        var before = Enumerable.Repeat(ulong.MaxValue, 4).ToArray();
        for (var s = -8f; s < 4; s += .5f)
        {
            var (used, kept) = Apply(weight, s);
            for (var word = 0; word < kept.Length; word++)
                Assert.Equal(0UL, kept[word] & ~before[word]);
            for (var i = 0; i < weight.Length; i++)
                Assert.True(Math.Abs(used[i]) <= Math.Abs(weight[i]) && used[i] * weight[i] >= 0);
            before = kept;
        }
        Assert.All(before, word => Assert.Equal(0UL, word));
    }

    /// <summary>Rows that end within a word and within a vector, thresholds of their own, and weights that may not be kept.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Rows_of_any_length_follow_the_definition(int columns)
    {
        var (weight, gradient) = (Gaussian(columns, .2f, 8), Gaussian(columns, 1, 9));
        var thresholds = Gaussian(columns, .1f, 10).Select(Math.Abs).ToArray();
        var allowed = Enumerable.Range(0, (columns + 63) / 64).Select(word => 0x5555_0F0F_FFFF_3333UL << word).ToArray();
        var used = new float[columns];
        var kept = new ulong[allowed.Length];
        var slopes = new float[columns];
        fixed (float* w = weight, t = thresholds, u = used, g = gradient)
        {
            LearnedThreshold.Apply(w, columns, t, uniform: false, allowed, u, kept);
            LearnedThreshold.PullEach(w, g, columns, kept, .25f, t, slopes);
        }
        for (var i = 0; i < columns; i++)
        {
            var keeps = (allowed[i / 64] >> i & 1) != 0 && Math.Abs(weight[i]) > thresholds[i];
            Assert.Equal(keeps, (kept[i / 64] >> i & 1) != 0);
            Assert.Equal(keeps ? Math.Sign(weight[i]) * (Math.Abs(weight[i]) - thresholds[i]) : 0, used[i]);
            Assert.Equal(-thresholds[i] * (1 - thresholds[i]) * gradient[i] * Math.Sign(weight[i]) * (keeps ? 1 : .25), slopes[i], 1e-6);
        }
        Assert.Equal(0UL, columns % 64 == 0 ? 0 : kept[^1] >> columns % 64);
    }

    [Fact]
    public void Thresholds_that_are_no_numbers_are_refused()
    {
        var error = Assert.Throws<NotFiniteNumberException>(() => LearnedThreshold.CheckFinite([0, 1, float.NaN], 5));
        Assert.StartsWith("threshold[7] is NaN", error.Message);
        LearnedThreshold.CheckFinite([0, 1], 0);
    }

    private static (float[] Used, ulong[] Kept) Apply(float[] weight, float s)
    {
        var used = new float[weight.Length];
        var kept = new ulong[(weight.Length + 63) / 64];
        var threshold = LearnedThreshold.Value(s);
        fixed (float* w = weight, u = used)
            LearnedThreshold.Apply(w, weight.Length, &threshold, uniform: true, [], u, kept);
        return (used, kept);
    }

    /// <summary>What a layer does with a gradient: the share of masked weights, and the sum for a threshold of all.</summary>
    private static (float[] Weight, double Threshold) Backward(float[] weight, float[] gradient, float s, float alpha)
    {
        var (_, kept) = Apply(weight, s);
        var total = new float[weight.Length];
        new MaskedDecay(kept, new GradientRule(alpha, Decay: 0), scale: 1).Compute(0, weight, gradient, total);
        fixed (float* w = weight, g = gradient)
            return (total, -LearnedThreshold.Slope(s) * LearnedThreshold.Pull(w, g, weight.Length, kept, alpha));
    }

    private static string Bits(ulong[] words, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => (words[i / 64] >> i & 1) != 0 ? '1' : '0'));

    private static double[] Parse(string text) =>
        [.. text.Split(' ').Select(word => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];

    private static double[] Wide(float[] values) => [.. values.Select(value => (double)value)];

    private static float[] Gaussian(int count, float deviation, uint seed)
    {
        var values = Masks.Tiles.Gaussian(count, seed);
        for (var i = 0; i < count; i++)
            values[i] *= deviation;
        return values;
    }
}
