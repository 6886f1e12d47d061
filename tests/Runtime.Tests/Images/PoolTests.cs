using System.Globalization;
using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Images;

/// <summary>Poolings against numbers of PyTorch, and against sums in double precision.</summary>
public sealed class PoolTests
{
    private const string X = "1 3 2 0 5  4 4 1 -1 2  0 -2 6 6 3  7 1 0 2 -3  2 5 1 4 4";

    private static readonly PoolCase[] _cases =
    [
        PoolCase.Square(3, 8, 2, 2, 0, 4),
        PoolCase.Square(1, 9, 3, 2, 1, 5),
        PoolCase.Square(5, 7, 3, 1, 1, 7),
        PoolCase.Square(2, 7, 2, 3, 0, 2),
        new(4, new(6, 9), new(3, 2, 1), new(2, 3, 1), new(3, 4)),
        new(2, new(5, 1), new(5, 5, 0), new(1, 1, 0), new(1, 1)),
        new(3, new(7, 11), new(1, 2, 0), new(4, 1, 2), new(4, 12)),
        PoolCase.Adaptive(3, new(7, 5), new(3, 4)),
        PoolCase.Adaptive(2, new(3, 2), new(5, 3)),
        PoolCase.Adaptive(7, new(6, 6), new(1, 1)),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, _cases.Length)];

    [Theory]
    [InlineData(2, 2, 0, "4 2 7 6", "0 0 2 0 0  1 0 0 0 0  0 0 4 0 0  3 0 0 0 0  0 0 0 0 0")]
    [InlineData(2, 2, 0, "4 2 5 7 6 3 5 4 4", "0 0 2 0 3  1 0 0 0 0  0 0 5 0 6  4 0 0 0 0  0 7 0 8 9")]
    [InlineData(3, 2, 1, "4 4 5 7 6 6 7 5 4", "0 0 0 0 3  1 2 0 0 0  0 0 5 6 0  11 0 0 0 0  0 8 0 9 0")]
    [InlineData(3, 2, 0, "6 6 7 6", "0 0 0 0 0  0 0 0 0 0  0 0 7 0 0  3 0 0 0 0  0 0 0 0 0")]
    public void Maxima(int kernel, int stride, int padding, string y, string dx)
    {
        var test = PoolCase.Square(2, 5, kernel, stride, padding, Side(y));
        var (result, gradient) = test.Max(Repeat(X), Repeat(Numbers(test.Result.Area)));
        Assert.Equal(Repeat(y), result);
        Assert.Equal(Repeat(dx), gradient);
    }

    [Theory]
    [InlineData(2, 0, true, "3 .5 1.5 3.5")]
    [InlineData(2, 0, true, "3 .5 3.5 1.5 3.5 0 3.5 2.5 4")]
    [InlineData(3, 1, true, "1.333333 1 .666667 1.555556 1.888889 1 1.666667 1.444444 .777778")]
    [InlineData(3, 1, false, "3 1.5 1.5 2.333333 1.888889 1.5 3.75 2.166667 1.75")]
    [InlineData(2, 1, true, ".25 1.25 1.25 1 2.25 2.5 2.25 1.75 1.75")]
    [InlineData(2, 1, false, "1 2.5 2.5 2 2.25 2.5 4.5 1.75 1.75")]
    public void Means(int kernel, int padding, bool countsPadding, string y)
    {
        var test = PoolCase.Square(2, 5, kernel, 2, padding, Side(y));
        CheckClose(Repeat(y), test.Mean(Repeat(X), new float[test.Outputs], countsPadding).Y);
    }

    [Fact]
    public void Gradients_of_means()
    {
        var test = PoolCase.Square(2, 5, 3, 2, 1, 3);
        var (_, dx) = test.Mean(Repeat(X), Repeat(Numbers(9)), countsPadding: true);
        CheckClose(
            Repeat(
                ".111111 .333333 .222222 .555556 .333333  .555556 1.333333 .777778 1.777778 1  .444444 1 .555556 1.222222 .666667  "
                    + "1.222222 2.666667 1.444444 3.111111 1.666667  .777778 1.666667 .888889 1.888889 1"),
            dx);
    }

    [Theory]
    [InlineData("2.28")]
    [InlineData("2.111111 2.666667 2.222222 2.555556")]
    [InlineData("3 1.5 1.5 2.333333 1.888889 1.5 3.75 2.166667 1.75")]
    [InlineData("3 2.5 .5 1.5 1.5 2.25 3 2.5 1.5 1.25 3.5 2 3.75 1.75 1.75 1.75")]
    public void Means_of_parts(string y)
    {
        var test = PoolCase.Adaptive(2, Extent.Square(5), Extent.Square(Side(y)));
        CheckClose(Repeat(y), test.Mean(Repeat(X), new float[test.Outputs], countsPadding: false).Y);
    }

    [Fact]
    public void Gradients_of_means_of_parts()
    {
        var test = PoolCase.Adaptive(2, Extent.Square(5), Extent.Square(2));
        var (_, dx) = test.Mean(Repeat(X), Repeat("9 18 27 36"), countsPadding: false);
        CheckClose(Repeat("1 1 3 2 2  1 1 3 2 2  4 4 10 6 6  3 3 7 4 4  3 3 7 4 4"), dx);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Maxima_are_those_of_the_windows(int index)
    {
        var test = _cases[index];
        var (x, dy) = (ImagePanel.Numbers(test.Inputs, seed: index), ImagePanel.Numbers(test.Outputs, seed: index + 100));
        var (y, dx) = test.Max(x, dy);
        var (expected, gradient) = test.MaxReference(x, dy);
        CheckClose(expected, y);
        CheckClose(gradient, dx);
        for (var members = 2; members <= 4; members++)
        {
            var (again, gradientAgain) = test.Max(x, dy, members);
            Assert.Equal(y, again);
            Assert.Equal(dx, gradientAgain);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Means_are_those_of_the_windows(int index)
    {
        var test = _cases[index];
        var (x, dy) = (ImagePanel.Numbers(test.Inputs, seed: index), ImagePanel.Numbers(test.Outputs, seed: index + 100));
        foreach (var countsPadding in new[] { false, true })
        {
            var (y, dx) = test.Mean(x, dy, countsPadding);
            var (expected, gradient) = test.MeanReference(x, dy, countsPadding);
            CheckClose(expected, y);
            CheckClose(gradient, dx);
            for (var members = 2; members <= 4; members++)
            {
                var (again, gradientAgain) = test.Mean(x, dy, countsPadding, members);
                Assert.Equal(y, again);
                Assert.Equal(dx, gradientAgain);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_added_and_gated(int index)
    {
        var test = _cases[index];
        var x = ImagePanel.Numbers(test.Inputs, seed: index).Select(value => Math.Max(value, 0)).ToArray();
        var (dy, before) = (ImagePanel.Numbers(test.Outputs, seed: 100), ImagePanel.Numbers(test.Inputs, seed: 200));
        var gradient = test.MaxReference(x, dy).DX;
        double[] sums = [.. gradient.Zip(before, (a, b) => a + b)];

        CheckClose(sums, test.Max(x, dy, members: 2, before: before).DX);
        CheckClose(Gated(gradient), test.Max(x, dy, derivative: ActivationKind.Relu).DX);
        CheckClose(Gated(sums), test.Max(x, dy, members: 3, derivative: ActivationKind.Relu, before: before).DX);
        sums = [.. test.MeanReference(x, dy, countsPadding: true).DX.Zip(before, (a, b) => a + b)];
        CheckClose(sums, test.Mean(x, dy, countsPadding: true, members: 2, before: before).DX);

        double[] Gated(double[] values) => [.. values.Zip(x, (value, input) => input > 0 ? value : 0)];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_fused_activation_is_that_of_the_maximum(int index)
    {
        var test = _cases[index];
        var x = ImagePanel.Numbers(test.Inputs, seed: index).Select(value => value - 1.5f).ToArray();
        var expected = test.MaxReference(x, new float[test.Outputs]).Y.Select(value => Math.Max(value, 0)).ToArray();
        CheckClose(expected, test.Max(x, new float[test.Outputs], activation: ActivationKind.Relu).Y);
    }

    [Fact]
    public void A_channel_has_a_maximum()
    {
        var image = new ImageLayout(3, 4, 5, border: 1);
        var vector = new ImageLayout(3, 1, 1, border: 0);
        var test = PoolCase.Adaptive(3, new(4, 5), new(1, 1));
        var (x, dy) = (ImagePanel.Numbers(test.Inputs, seed: 1), ImagePanel.Numbers(test.Outputs, seed: 2));
        using var panel = new ImagePanel(image, vector, vector, image);
        panel.Set(0, x);
        panel.Set(2, dy);
        var slots = panel.Slots;
        panel.Run(2, (in pass) => PoolPass.GlobalMax(
            in pass, ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), image, ActivationKind.None));
        panel.Run(2, (in pass) => PoolPass.GlobalMaxGrad(
            in pass, ref pass.Slot(slots[2]), ref pass.Slot(slots[0]), ref pass.Slot(slots[1]), ref pass.Slot(slots[3]), image,
            ActivationKind.None, accumulate: false));
        var (y, dx) = test.MaxReference(x, dy);
        CheckClose(y, panel.Get(1));
        CheckClose(dx, panel.Get(3));
    }

    [Fact]
    public void A_value_that_is_not_a_number_is_the_maximum()
    {
        var test = PoolCase.Square(1, 4, 2, 2, 0, 2);
        for (var place = 0; place < 4; place++)
        {
            float[] image = [1, 2, 5, 5, 3, 4, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0];
            image[place / 2 * 4 + (place % 2)] = float.NaN;
            var (y, _) = test.Max(Repeat(image, channels: 1), new float[test.Outputs]);
            Assert.Equal([float.NaN, 5, 0, 0], y[..4]);
        }
    }

    [Fact]
    public void Windows_without_a_pixel_are_refused()
    {
        var test = PoolCase.Square(1, 4, 2, 2, 0, 3);
        Assert.Throws<ArgumentException>(() => test.Max(new float[test.Inputs], new float[test.Outputs]));
        test = PoolCase.Square(1, 4, 2, 2, 2, 2);
        Assert.Throws<ArgumentException>(() => test.Mean(new float[test.Inputs], new float[test.Outputs], countsPadding: true));
    }

    private static int Side(string numbers) => (int)Math.Sqrt(Parse(numbers).Length);

    private static float[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(number => (float)number)];

    private static float[] Repeat(string numbers) => Repeat(Parse(numbers), channels: 2);

    private static float[] Repeat(float[] numbers, int channels = 2) =>
        [.. Enumerable.Repeat(numbers, channels * ImagePanel.Samples).SelectMany(image => image)];

    private static float[] Parse(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    private static void CheckClose(float[] expected, float[] actual) => CheckClose(Array.ConvertAll(expected, x => (double)x), actual);

    private static void CheckClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 2e-6 * (1 + Math.Abs(expected[i])));
    }
}
