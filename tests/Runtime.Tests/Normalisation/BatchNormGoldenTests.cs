using SparseSharp.Kernels;
using SparseSharp.Normalisation;

namespace SparseSharp.Runtime.Tests.Normalisation;

/// <summary>Results that were computed with PyTorch, and for ghost batches and ranges by hand, in double precision.</summary>
public sealed class BatchNormGoldenTests
{
    private const double Close = 2e-6;

    private static readonly float[] _x = [1, 2, 4, 7, 3, -1, 0, 2, 5, 2, 2, -3];
    private static readonly float[] _dy = [.. Enumerable.Range(1, 12).Select(i => i / 10f)];

    private static ImageLayout Image => new(channels: 1, rows: 2, columns: 2, border: 1);

    [Fact]
    public void ATrainingStep()
    {
        var norm = Norm(new(), 1.5f, -0.25f);
        var run = BatchNormRun.Train(norm, Image, _x, _dy);
        Equal(
            [-0.838348, -0.25, 0.926696, 2.69174, 0.338348, -2.015044, -1.426696, -0.25, 1.515044, -0.25, -0.25, -3.19174], run.Y);
        Equal(
            [-0.349992, -0.264757, -0.153121, -0.015086, -0.061852, -0.108618, -0.023383, 0.088252, 0.226288, 0.205922, 0.264757, 0.19159],
            run.Dx);
        Equal([-1.372812, 7.8], [norm.Weight!.Gradient[0], norm.Bias!.Gradient[0]]);
    }

    [Fact]
    public void RunningStatistics()
    {
        var norm = Norm(new(), 1.5f, -0.25f);
        Step(norm, _x);
        Equal([0.2, 1.609091], Running(norm));
        Step(norm, [.. _x.Select(value => 2 * value)]);
        Equal([0.58, 4.284545], Running(norm));
        Assert.Equal(2, norm.Running.Batches);
        Equal(
            [0.05436, 0.779027, 2.228361, 4.402361, 1.503694, -1.394974, -0.670307, 0.779027, 2.953027, 0.779027, 0.779027, -2.844307],
            BatchNormRun.Predict(norm, Image, _x));

        // Where the pass is none of a training, the backward pass takes statistics for constants.
        var run = BatchNormRun.Train(norm, Image, _x, _dy, training: false);
        Equal([.. Enumerable.Range(1, 12).Select(i => 0.0724667 * i)], run.Dx);
        Equal([3.660051, 7.8], [norm.Weight!.Gradient[0], norm.Bias!.Gradient[0]]);
        norm.AcceptStatistics();
        Equal([0.58, 4.284545], Running(norm));
    }

    [Fact]
    public void CumulativeStatistics()
    {
        var norm = Norm(new() { Cumulative = true }, 1.5f, -0.25f);
        Step(norm, _x);
        Step(norm, [.. _x.Select(value => 2 * value)]);
        Equal([3, 17.727273], Running(norm));
    }

    /// <summary>Hoffer et al., "Mix &amp; Match", 2019: the mean of what the batches have, whatever was there before.</summary>
    [Fact]
    public void RecalibratedStatistics()
    {
        var norm = Norm(new() { Momentum = 0.3 }, 1.5f, 0.25f);
        Step(norm, _x);
        norm.Running.Reset();
        norm.Running.IsCumulative = true;
        (double Mean, double Variance)[] batches = [(0.2, 1.1), (0.5, 0.9), (-0.1, 1.6)];
        double[][] expected = [[0.2, 1.1], [0.35, 1.0], [0.2, 1.2]];
        foreach (var (batch, running) in batches.Zip(expected))
        {
            norm.Running.Begin(channel: 0);
            norm.Running.Add(channel: 0, batch.Mean, batch.Variance);
            norm.AcceptStatistics();
            Equal(running, Running(norm));
        }
        Assert.Equal(3, norm.Running.Batches);
    }

    /// <summary>Hoffer, Hubara and Soudry, 2017.</summary>
    [Fact]
    public void GhostBatches()
    {
        float[] x = [1, 2, 3, 4, 2, 4, 6, 9];
        float[] dy = [0.1f, -0.2f, 0.3f, -0.4f, 0.5f, -0.6f, 0.7f, -0.8f];
        var norm = Norm(new() { Ghost = 4 }, 1.5f, 0.25f);
        var run = BatchNormRun.Train(norm, null, x, dy);
        norm.AcceptStatistics();
        Equal([-1.762453, -0.420818, 0.920818, 2.262453, -1.635135, -0.475052, 0.685031, 2.425155], run.Y);
        Equal([0.000002, -0.268327, 0.536654, -0.268329, 0.082941, -0.409824, 0.489512, -0.162629], run.Dx);
        Equal([-1.742638, -0.4], [norm.Weight!.Gradient[0], norm.Bias!.Gradient[0]]);
        Equal([0.75, 1.851667], Running(norm));
        Assert.Equal(2, norm.Running.Batches);
        Equal(
            [-1.531571, -0.911894, -0.292217, 0.327460, -0.911894, 0.327460, 1.566813, 3.425844],
            BatchNormRun.Train(Norm(new() { Ghost = 8 }, 1.5f, 0.25f), null, x, dy).Y);
    }

    /// <summary>Banner, Hubara, Hoffer and Soudry, 2018.</summary>
    [Fact]
    public void Ranges()
    {
        float[] x = [0.5f, -1.25f, 2, 0.75f, -0.5f, 1.5f, -2.25f, 0.25f];
        float[] dy = [0.1f, -0.2f, 0.3f, -0.4f, 0.5f, -0.6f, 0.7f, -0.8f];
        var paper = Norm(new() { Range = RangeNorm.Paper }, 1.5f, -0.25f);
        var run = BatchNormRun.Train(paper, null, x, dy);
        Equal([0.019911, -1.239672, 1.099553, 0.199851, -0.699851, 0.739672, -1.959434, -0.160030], run.Y);
        Equal([0.107964, -0.107964, 0.637199, -0.251917, 0.395869, -0.395869, 0.154539, -0.539821], run.Dx);
        Equal([-1.091638, -0.4], [paper.Weight!.Gradient[0], paper.Bias!.Gradient[0]]);

        var authors = Norm(new() { Range = RangeNorm.AuthorCode, RangeParts = 2, Momentum = 0.9 }, 1.5f, -0.25f);
        authors.Running.Variance.Span.Clear();
        run = BatchNormRun.Train(authors, null, x, dy);
        authors.AcceptStatistics();
        Equal([0.245373, -2.066367, 2.226864, 0.575621, -1.075621, 1.566367, -3.387361, -0.084876], run.Y);
        Equal([0.198149, -0.627468, 0.891667, -0.462348, 0.726547, -0.297227, 0.561426, -0.990745], run.Dx);
        Equal([-2.003507, -0.4], [authors.Weight!.Gradient[0], authors.Bias!.Gradient[0]]);
        Equal([0.1125, 1.0219488], Running(authors));
    }

    private static BatchNormalisation Norm(BatchNormOptions options, float factor, float term)
    {
        var norm = new BatchNormalisation(1, options);
        norm.Weight!.Values[0] = factor;
        norm.Bias!.Values[0] = term;
        return norm;
    }

    private static void Step(BatchNormalisation norm, float[] x)
    {
        BatchNormRun.Train(norm, Image, x, _dy);
        norm.AcceptStatistics();
    }

    private static float[] Running(BatchNormalisation norm) => [norm.Running.Mean.Span[0], norm.Running.Variance.Span[0]];

    private static void Equal(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Close));
    }
}
