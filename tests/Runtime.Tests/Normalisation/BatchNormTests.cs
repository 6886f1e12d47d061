using SparseSharp.Kernels;
using SparseSharp.Normalisation;

namespace SparseSharp.Runtime.Tests.Normalisation;

/// <summary>Batch normalisation against formulas in double precision, on sizes that fill no panel.</summary>
public sealed class BatchNormTests
{
    /// <summary>Options, channels, rows and columns (0 for features), border and batch.</summary>
    public static TheoryData<string, int, int, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int, int, int, int>();
            foreach (var options in _options.Keys)
            {
                cases.Add(options, 3, 5, 7, 1, 21);
                cases.Add(options, 2, 1, 1, 0, 37);
                cases.Add(options, 5, 4, 4, 2, 3);
                cases.Add(options, 7, 0, 0, 0, 150);
                cases.Add(options, 9, 0, 0, 0, 11);
            }
            return cases;
        }
    }

    private static readonly Dictionary<string, BatchNormOptions> _options = new()
    {
        ["whole"] = new(),
        ["ghosts"] = new() { Ghost = 6, Momentum = 0.3 },
        ["pairs"] = new() { Ghost = 2, Cumulative = true, Epsilon = 1e-3 },
        ["plain"] = new() { Affine = false },
        ["paper"] = new() { Range = RangeNorm.Paper },
        ["authors"] = new() { Range = RangeNorm.AuthorCode, Momentum = 0.9, Ghost = 9 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ResultsAndStatisticsAreThoseOfFormulas(string options, int channels, int rows, int columns, int border, int batch)
    {
        var (norm, image, x, dy) = Make(options, channels, rows, columns, border, batch);
        var pixels = Math.Max(1, rows * columns);
        var run = BatchNormRun.Train(norm, image, x, dy);
        var (factors, terms) = Parameters(norm);
        Close(BatchNormReference.Train(norm.Options, Wide(x), channels, pixels, factors, terms), run.Y, 3e-6);

        var (means, variances, seen) = (new double[channels], Enumerable.Repeat(1.0, channels).ToArray(), new int[channels]);
        foreach (var (channel, mean, variance, count) in BatchNormReference.Moments(norm.Options, Wide(x), channels, pixels))
        {
            var weight = norm.Options.Cumulative ? 1.0 / ++seen[channel] : norm.Options.Momentum;
            var unbiased = norm.Options.Range == RangeNorm.None ? variance * count / (count - 1) : variance;
            means[channel] += weight * (mean - means[channel]);
            variances[channel] += weight * (unbiased - variances[channel]);
        }
        Assert.All(norm.Running.Mean.Span.ToArray(), mean => Assert.Equal(0, mean));
        norm.AcceptStatistics();
        Close(means, norm.Running.Mean.Span.ToArray(), 1e-6);
        Close(variances, norm.Running.Variance.Span.ToArray(), 1e-6);

        var predicted = BatchNormRun.Predict(norm, image, x);
        Close(Predicted(norm, x, pixels), predicted, 3e-6);
        Assert.Equal(
            predicted.Select(value => Math.Max(value, 0)), BatchNormRun.Predict(norm, image, x, activation: ActivationKind.Relu));
        if (image is null && batch > 3)
        {
            var few = x[..(3 * channels)];
            Close(Predicted(norm, few, pixels), BatchNormRun.Predict(norm, image, few, isSampleMajor: true), 3e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsAreCentralDifferences(string options, int channels, int rows, int columns, int border, int batch)
    {
        var (norm, image, x, dy) = Make(options, channels, rows, columns, border, batch);
        var pixels = Math.Max(1, rows * columns);
        var run = BatchNormRun.Train(norm, image, x, dy);
        var (values, (factors, terms)) = (Wide(x), Parameters(norm));
        for (var i = 0; i < x.Length; i += 1 + (x.Length / 50))
            Assert.Equal(Slope(ref values[i]), run.Dx[i], 2e-5);
        for (var channel = 0; channel < channels && norm.Weight is not null; channel++)
        {
            var scale = Math.Sqrt(batch * pixels);
            Assert.Equal(Slope(ref factors[channel]), norm.Weight.Gradient[channel], 2e-6 * scale);
            Assert.Equal(Slope(ref terms[channel]), norm.Bias!.Gradient[channel], 2e-6 * scale);
        }

        double Slope(ref double value)
        {
            const double step = 1e-6;
            var before = value;
            value = before + step;
            var above = Loss();
            value = before - step;
            var below = Loss();
            value = before;
            return (above - below) / (2 * step);
        }

        double Loss() =>
            BatchNormReference.Train(norm.Options, values, channels, pixels, factors, terms).Zip(dy, (y, slope) => y * slope).Sum();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnyNumberOfThreadsGivesTheSameBits(string options, int channels, int rows, int columns, int border, int batch)
    {
        var results = new List<float[]>();
        foreach (var threads in (int[])[1, 2, 3])
        {
            var (norm, image, x, dy) = Make(options, channels, rows, columns, border, batch);
            var run = BatchNormRun.Train(norm, image, x, dy, threads);
            norm.AcceptStatistics();
            results.Add([
                .. run.Y, .. run.Dx, .. norm.Weight is { } weight ? weight.Gradient : [], .. norm.Running.Mean.Span,
                .. norm.Running.Variance.Span]);
        }
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Theory]
    [InlineData("whole", 5)]
    [InlineData("paper", 5)]
    [InlineData("ghosts", 0)]
    [InlineData("authors", 0)]
    public void GradientsAddToWhatIsThere(string options, int size)
    {
        var (norm, image, x, dy) = Make(options, 3, size, size, 1, 21);
        var expected = BatchNormRun.Train(norm, image, x, dy).Dx;
        var added = BatchNormRun.Train(norm, image, x, dy, accumulates: true).Dx;
        Close([.. expected.Select(value => 1.0 + value)], added, 1e-6);
    }

    [Fact]
    public void ReluIsFused()
    {
        var (norm, image, x, dy) = Make("whole", 3, 5, 7, 1, 21);
        var plain = BatchNormRun.Train(norm, image, x, dy).Y;
        Assert.Equal(
            plain.Select(value => Math.Max(value, 0)), BatchNormRun.Train(norm, image, x, dy, activation: ActivationKind.Relu).Y);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void AGhostBatchKnowsNothingOfOthers(int size)
    {
        var (norm, image, x, dy) = Make("ghosts", 4, size, size, 1, 18);
        var features = 4 * Math.Max(1, size * size);
        var before = BatchNormRun.Train(norm, image, x, dy);
        for (var i = 6 * features; i < 12 * features; i++)
            (x[i], dy[i]) = ((3 * x[i]) + 1, -dy[i]);
        var after = BatchNormRun.Train(norm, image, x, dy);
        foreach (var (one, other) in ((float[], float[])[])[(before.Y, after.Y), (before.Dx, after.Dx)])
        {
            Assert.Equal(one[..(6 * features)], other[..(6 * features)]);
            Assert.Equal(one[(12 * features)..], other[(12 * features)..]);
            Assert.NotEqual(one[(6 * features)..(12 * features)], other[(6 * features)..(12 * features)]);
        }
        foreach (var (_, places) in BatchNormReference.Groups(norm.Options, x.Length, 4, features / 4))
            Assert.Equal(0, places.Sum(place => (double)after.Dx[place]), 1e-5);
    }

    [Fact]
    public void AGhostBatchAsLargeAsTheBatchIsPlain()
    {
        var (norm, image, x, dy) = Make("whole", 3, 5, 7, 1, 21);
        var plain = BatchNormRun.Train(norm, image, x, dy);
        foreach (var ghost in (int[])[21, 22, 400])
        {
            var ghosts = new BatchNormalisation(3, new() { Ghost = ghost });
            norm.Weight!.Values.CopyTo(ghosts.Weight!.Values);
            norm.Bias!.Values.CopyTo(ghosts.Bias!.Values);
            Assert.Equal(plain.Y, BatchNormRun.Train(ghosts, image, x, dy).Y);
        }
    }

    /// <summary>Squares of values themselves would have no digits left for the variance.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void MeansMayBeFarFromZero(int size)
    {
        var (norm, image, x, dy) = Make("plain", 2, size, size, 0, 50);
        var pixels = Math.Max(1, size * size);
        for (var i = 0; i < x.Length; i++)
            x[i] = 4096 + (MathF.Round(x[i] * 512) / 512);
        BatchNormRun.Train(norm, image, x, dy);
        norm.AcceptStatistics();
        foreach (var (channel, mean, variance, count) in BatchNormReference.Moments(norm.Options, Wide(x), 2, pixels))
        {
            Assert.Equal(0.1 * mean, norm.Running.Mean.Span[channel], 1e-4);
            Assert.Equal(0.9 + (0.1 * variance * count / (count - 1)), norm.Running.Variance.Span[channel], 1e-5);
        }
    }

    [Fact]
    public void EqualValuesGiveTheTerm()
    {
        foreach (var options in _options.Keys)
        {
            var (norm, image, x, dy) = Make(options, 3, 4, 4, 1, 9);
            x.AsSpan().Fill(2.5f);
            var run = BatchNormRun.Train(norm, image, x, dy);
            for (var i = 0; i < x.Length; i++)
                Assert.Equal(norm.Term(i / 16 % 3), run.Y[i], 1e-6f);
            Assert.All(run.Dx, slope => Assert.True(float.IsFinite(slope)));
        }
    }

    /// <summary>Statistics of a step that does not count leave no trace in the next one.</summary>
    [Fact]
    public void AStepThatDoesNotCountLeavesNoTrace()
    {
        var (norm, image, x, dy) = Make("whole", 3, 4, 4, 1, 9);
        var (other, _, y, _) = Make("whole", 3, 4, 4, 1, 9, seed: 7);
        BatchNormRun.Train(norm, image, y, dy);
        Assert.All(norm.Running.Variance.Span.ToArray(), variance => Assert.Equal(1, variance));
        BatchNormRun.Train(norm, image, x, dy);
        norm.AcceptStatistics();
        BatchNormRun.Train(other, image, x, dy);
        other.AcceptStatistics();
        Assert.Equal(other.Running.Mean.Span, norm.Running.Mean.Span);
        Assert.Equal(1, norm.Running.Batches);
    }

    [Theory]
    [InlineData(10, 0, 1, "0-10")]
    [InlineData(10, 5, 1, "0-5 5-10")]
    [InlineData(10, 4, 1, "0-4 4-8 8-10")]
    [InlineData(9, 4, 1, "0-4 4-9")]
    [InlineData(3, 2, 1, "0-3")]
    [InlineData(3, 2, 4, "0-2 2-3")]
    [InlineData(5, 8, 1, "0-5")]
    public void PartsOfABatch(int batch, int size, int positions, string parts)
    {
        var ghosts = new GhostBatches(batch, size, positions);
        Assert.Equal(
            parts, string.Join(' ', Enumerable.Range(0, ghosts.Count).Select(part => $"{ghosts.Start(part)}-{ghosts.End(part)}")));
    }

    private static (BatchNormalisation Norm, ImageLayout? Image, float[] X, float[] Dy) Make(
        string options, int channels, int rows, int columns, int border, int batch, int seed = 1)
    {
        var random = new Random(seed);
        var norm = new BatchNormalisation(channels, _options[options]);
        for (var channel = 0; channel < channels && norm.Weight is not null; channel++)
        {
            norm.Weight.Values[channel] = random.NextSingle() - 0.3f;
            norm.Bias!.Values[channel] = random.NextSingle() - 0.5f;
        }
        var count = batch * channels * Math.Max(1, rows * columns);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 0.5f)];
        float[] dy = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.4f)];
        return (norm, rows == 0 ? null : new ImageLayout(channels, rows, columns, border), x, dy);
    }

    private static double[] Predicted(BatchNormalisation norm, float[] x, int pixels) =>
    [
        .. x.Select((value, i) =>
        {
            var channel = i / pixels % norm.Channels;
            return ((value - norm.Running.Mean.Span[channel]) * norm.Inverse(norm.Running.Variance.Span[channel]) * norm.Factor(channel))
                + norm.Term(channel);
        }),
    ];

    private static (double[] Factors, double[] Terms) Parameters(BatchNormalisation norm)
    {
        var channels = Enumerable.Range(0, norm.Channels);
        return ([.. channels.Select(channel => (double)norm.Factor(channel))], [.. channels.Select(channel => (double)norm.Term(channel))]);
    }

    private static double[] Wide(float[] values) => [.. values.Select(value => (double)value)];

    private static void Close(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i}: {actual[i]}, not {expected[i]}");
    }
}
