using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Gradients;

/// <summary>
/// The estimator in double precision: worked examples, and its mean and variance by exact integration over the uniform number.
/// </summary>
public sealed class MinimumVarianceTests
{
    [Theory]
    [InlineData(new double[] { 3, -1 }, 1, 0.1, new double[] { 4, 0 })]
    [InlineData(new double[] { 3, -1 }, 1, 0.5, new double[] { 4, 0 })]
    [InlineData(new double[] { 3, -1 }, 1, 0.75, new double[] { 0, -4 })]
    [InlineData(new double[] { 3, -1 }, 1, 0.9, new double[] { 0, -4 })]
    [InlineData(new double[] { 1, 2, 3, 4 }, 2, 0.1, new double[] { 5, 0, 5, 0 })]
    [InlineData(new double[] { 1, 2, 3, 4 }, 2, 0.5, new double[] { 0, 5, 0, 5 })]
    [InlineData(new double[] { 1, 2, 3, 4 }, 2, 0.9, new double[] { 0, 0, 5, 5 })]
    [InlineData(new double[] { 1, 1, 2, 8 }, 2, 0.1, new double[] { 4, 0, 0, 8 })]
    [InlineData(new double[] { 1, 1, 2, 8 }, 2, 0.5, new double[] { 0, 0, 4, 8 })]
    [InlineData(new double[] { 1, 1, 2, 8 }, 2, 0.9, new double[] { 0, 0, 4, 8 })]
    [InlineData(new double[] { 1, 3, 3, 6 }, 2, 0.1, new double[] { 6.5, 0, 0, 6.5 })]
    [InlineData(new double[] { 1, 3, 3, 6 }, 2, 0.5, new double[] { 0, 6.5, 0, 6.5 })]
    [InlineData(new double[] { 1, 3, 3, 6 }, 2, 0.9, new double[] { 0, 0, 6.5, 6.5 })]
    [InlineData(new double[] { 1, 1, 1, 1 }, 2, 0.1, new double[] { 2, 0, 2, 0 })]
    [InlineData(new double[] { 1, 1, 1, 1 }, 2, 0.5, new double[] { 0, 2, 0, 2 })]
    [InlineData(new double[] { 1, 1, 1, 1 }, 2, 0.9, new double[] { 0, 2, 0, 2 })]
    [InlineData(new double[] { -2, 0, 0, 3 }, 2, 0.5, new double[] { -2, 0, 0, 3 })]
    [InlineData(new double[] { 5, 0, 0, 0 }, 2, 0.9, new double[] { 5, 0, 0, 0 })]
    [InlineData(new double[] { 0, 0, 0, 0 }, 2, 0.1, new double[] { 0, 0, 0, 0 })]
    [InlineData(new double[] { 1, 2, 4, 8 }, 3, 0.1, new double[] { 3, 0, 4, 8 })]
    [InlineData(new double[] { 1, 2, 4, 8 }, 3, 0.5, new double[] { 0, 3, 4, 8 })]
    [InlineData(new double[] { 1, 2, 4, 8 }, 3, 0.9, new double[] { 0, 3, 4, 8 })]
    [InlineData(new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 2, 0.1, new double[] { 0, -18, 0, 0, 0, -18, 0, 0 })]
    [InlineData(new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 2, 0.5, new double[] { 0, 0, 0, -18, 0, 0, 18, 0 })]
    [InlineData(new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 2, 0.9, new double[] { 0, 0, 0, 0, 0, -18, 0, -18 })]
    [InlineData(new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 4, 0.1, new double[] { 9, 0, 0, -9, 0, -9, 9, 0 })]
    [InlineData(new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 4, 0.5, new double[] { 0, 0, 9, 0, 9, 0, 9, -9 })]
    [InlineData(new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 4, 0.9, new double[] { 0, 0, 0, -9, 0, -9, 9, -9 })]
    [InlineData(new[] { 0.5, -1, 2, -4, 8, -0.25, 1, -3 }, 4, 0.1, new[] { 3.875, 0, 0, -4, 8, 0, 3.875, 0 })]
    [InlineData(new[] { 0.5, -1, 2, -4, 8, -0.25, 1, -3 }, 4, 0.5, new[] { 0, 0, 3.875, -4, 8, 0, 0, -3.875 })]
    [InlineData(new[] { 0.5, -1, 2, -4, 8, -0.25, 1, -3 }, 4, 0.9, new[] { 0, 0, 3.875, -4, 8, 0, 0, -3.875 })]
    public void Worked_examples_are_met(double[] group, int keep, double uniform, double[] expected) =>
        Assert.Equal(expected, Prune(group, keep, uniform));

    [Theory]
    [InlineData(new double[] { 3, -1 }, 1, 6, new[] { 0.75, 0.25 })]
    [InlineData(new double[] { 1, 2, 3, 4 }, 2, 20, new[] { 0.2, 0.4, 0.6, 0.8 })]
    [InlineData(new double[] { 1, 1, 2, 8 }, 2, 10, new[] { 0.25, 0.25, 0.5, 1 })]
    [InlineData(new double[] { 1, 3, 3, 6 }, 2, 29.5, new[] { 2 / 13.0, 6 / 13.0, 6 / 13.0, 12 / 13.0 })]
    [InlineData(new double[] { 1, 1, 1, 1 }, 2, 4, new[] { 0.5, 0.5, 0.5, 0.5 })]
    [InlineData(new double[] { -2, 0, 0, 3 }, 2, 0, new double[] { 1, 0, 0, 1 })]
    [InlineData(new double[] { 1, 2, 4, 8 }, 3, 4, new[] { 1 / 3.0, 2 / 3.0, 1, 1 })]
    [InlineData(
        new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 2, 444,
        new[] { 1 / 18.0, 2 / 18.0, 3 / 18.0, 4 / 18.0, 5 / 18.0, 6 / 18.0, 7 / 18.0, 8 / 18.0 })]
    [InlineData(
        new double[] { 1, -2, 3, -4, 5, -6, 7, -8 }, 4, 120,
        new[] { 1 / 9.0, 2 / 9.0, 3 / 9.0, 4 / 9.0, 5 / 9.0, 6 / 9.0, 7 / 9.0, 8 / 9.0 })]
    [InlineData(
        new[] { 0.5, -1, 2, -4, 8, -0.25, 1, -3 }, 4, 471 / 32.0,
        new[] { 4 / 31.0, 8 / 31.0, 16 / 31.0, 1, 1, 2 / 31.0, 8 / 31.0, 24 / 31.0 })]
    public void Worked_probabilities_and_variances_are_met(double[] group, int keep, double variance, double[] probabilities)
    {
        var actual = new double[group.Length];
        MinimumVariance.Probabilities(group, keep, actual);
        for (var i = 0; i < actual.Length; i++)
            Assert.Equal(probabilities[i], actual[i], 1e-15);
        Assert.Equal(variance, MinimumVariance.Variance(group, keep), 1e-12);
    }

    /// <summary>Five groups of one tensor, each with the uniform number of its place.</summary>
    [Fact]
    public void Groups_of_a_tensor_draw_their_own_numbers()
    {
        double[][] expected = [[5, 0, 5, 0], [5, 0, 5, 0], [0, 0, 5, 5], [0, 0, 5, 5], [0, 5, 0, 5]];
        for (var group = 0u; group < 5; group++)
        {
            var (a, b, c, d) = Philox.Next(0x0123456789ABCDEF, group / 4, 7, 40, (uint)Philox.Purpose.Estimator);
            Assert.Equal(expected[group], Prune([1, 2, 3, 4], 2, Philox.Uniform(((uint[])[a, b, c, d])[group % 4])));
        }
    }

    [Fact]
    public void Mean_and_variance_of_worked_examples_are_exact()
    {
        foreach (var (group, keep) in Groups.Worked)
            Integrate(group, keep);
    }

    [Fact]
    public void Mean_and_variance_are_exact_for_every_pattern()
    {
        var random = new Random(1);
        foreach (var (keep, size) in Groups.Patterns)
        {
            for (var round = 0; round < 40; round++)
                Integrate(Groups.Integers(random, size), keep);
        }
    }

    /// <summary>Values that are equal but for rounding: the sum of three times 0.1 is more than three times 0.1.</summary>
    [Fact]
    public void Groups_that_are_small_enough_stay_as_they_are()
    {
        double[] group = [0.1, 0, 0.1, 0, -0.1, 0, 0, 0];
        Assert.Equal(group, Prune(group, 3, 0.5));
        Assert.Equal(group, Prune(group, 4, 0.99));
        Assert.Equal(0, MinimumVariance.Variance(group, 3));
    }

    [Fact]
    public void Nothing_grows_beyond_the_largest_value_times_M_over_N()
    {
        var random = new Random(2);
        foreach (var (keep, size) in Groups.Patterns)
        {
            var group = new double[size];
            for (var round = 0; round < 100; round++)
            {
                for (var i = 0; i < size; i++)
                    group[i] = random.NextDouble() - 0.5;
                var bound = group.Max(Math.Abs) * size / keep * (1 + 1e-12);
                Assert.All(Prune(group, keep, random.NextDouble()), value => Assert.InRange(Math.Abs(value), 0, bound));
            }
        }
    }

    /// <summary>
    /// What is left of a group is constant between the fractional parts of the cumulative probabilities. The reference says what it keeps
    /// in each of these segments; means and second moments then follow in exact arithmetic.
    /// </summary>
    private static void Integrate(double[] group, int keep)
    {
        var exact = group.Select(Rational.From).ToArray();
        var probabilities = ExactProbabilities(exact, keep);
        var free = Enumerable.Range(0, group.Length)
            .Where(i => !probabilities[i].Equals(Rational.Zero) && !probabilities[i].Equals(Rational.One))
            .ToArray();
        var cumulative = Rational.Zero;
        var breaks = new SortedSet<Rational> { Rational.Zero, Rational.One };
        foreach (var i in free)
        {
            cumulative += probabilities[i];
            breaks.Add(cumulative.Fraction);
        }

        var means = exact.Select(_ => Rational.Zero).ToArray();
        var squares = Rational.Zero;
        foreach (var (start, end) in breaks.Zip(breaks.Skip(1)))
        {
            var pruned = Prune(group, keep, ((double)start + (double)end) / 2);
            Assert.Equal(Math.Min(keep, group.Count(x => x != 0)), pruned.Count(x => x != 0));
            for (var i = 0; i < group.Length; i++)
            {
                if (pruned[i] == 0)
                    continue;
                var value = exact[i] / probabilities[i];
                Assert.Equal((double)value, pruned[i], Math.Abs((double)value) * 1e-15);
                means[i] += (end - start) * value;
                squares += (end - start) * value * value;
            }
        }

        Assert.Equal(exact, means);
        var expected = Rational.Zero;
        foreach (var i in free)
            expected += exact[i] * exact[i] * (Rational.One - probabilities[i]) / probabilities[i];
        foreach (var mean in means)
            squares -= mean * mean;
        Assert.Equal(expected, squares);
        Assert.Equal((double)expected, MinimumVariance.Variance(group, keep), 1e-9 * (1 + (double)expected));
    }

    /// <summary>The capped probabilities proportional to magnitudes that add up to N: the only ones of least variance.</summary>
    private static Rational[] ExactProbabilities(Rational[] group, int keep)
    {
        var order = Enumerable.Range(0, group.Length)
            .Where(i => !group[i].Equals(Rational.Zero))
            .OrderByDescending(i => group[i].Magnitude)
            .ToArray();
        var result = group.Select(_ => Rational.Zero).ToArray();
        for (var certain = 0; certain < order.Length; certain++)
        {
            var rest = order.Skip(certain).ToArray();
            var sum = rest.Aggregate(Rational.Zero, (total, i) => total + group[i].Magnitude);
            var scale = new Rational(keep - certain, 1) / sum;
            if (certain < keep && (scale * group[rest[0]].Magnitude).CompareTo(Rational.One) < 0)
            {
                foreach (var i in rest)
                    result[i] = scale * group[i].Magnitude;
                break;
            }
            if (certain < keep)
                result[rest[0]] = Rational.One;
        }
        return result;
    }

    private static double[] Prune(double[] group, int keep, double uniform)
    {
        var pruned = new double[group.Length];
        MinimumVariance.Prune(group, keep, uniform, pruned);
        return pruned;
    }
}
