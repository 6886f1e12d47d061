using System.Globalization;
using SparseSharp.Convolutions;
using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Convolutions;

/// <summary>Small convolutions whose results were computed by PyTorch in double precision.</summary>
public sealed class ConvolutionGoldenTests
{
    private const string X = "1 2 0 -1  0 1 3 2  -2 1 1 0  4 -1 2 1  0 1 -1 2  1 0 2 -2  3 1 0 1  -1 2 1 0";

    private const string W =
        "1 0 -1  2 1 0  0 -1 1   0 1 0  1 -2 1  0 1 0   .5 0 .5  0 -1 0  .5 0 .5   -1 0 1  -2 0 2  -1 0 1";

    public static TheoryData<int, int, int, string, string, string> Goldens => new()
    {
        {
            1, 1, 1,
            "4.25 3.25 10.25 -9.75 2.25 7.25 .25 17.25 -12.75 .25 6.25 .25 10.25 1.25 1.25 8.25 " +
            "1 -2 1 2 3 -3.5 -5.5 -5 5.5 0 -4 -1 1 1 -6 -3",
            ".5 1.4 1.7 -1.15 2.7 4.3 4.7 -.5 3.9 5.9 6.3 -.5 1.6 3.9 4.2 -.35 " +
            "-5.3 0 .1 6.4 -8.2 .4 .6 9.9 -9.4 1.2 1.4 11.9 -8.9 .4 .5 8.4",
            "7 7.9 9.1 11.5 13.1 8.5 7.1 8.2 4.6 9 9.1 3.9 9.4 8.9 6.3 5.9 5 3.8 " +
            "18.2 20.7 23.5 30.7 35.5 26.1 21.5 27.4 20.6 20.2 21.9 10.3 23.8 24.9 17.5 20.3 17.8 11.8"
        },
        {
            2, 1, 1,
            "4.25 10.25 -12.75 6.25 1 1 5.5 -4",
            "-.4 .4 -.4 0 -.1 1.5 -.2 .5 -.4 .8 -.4 0 -.3 1.05 -.4 .8 -.2 .1 -.4 1.4 .4 -.2 .6 1.4 -.6 .5 -.8 2 .3 -.1 .4 .8",
            ".4 1.2 1.1 .8 -.1 .3 -.2 2.6 .6 0 1.1 -.8 .6 .7 1.2 .8 .6 .2 " +
            ".8 2.4 2.3 2 -.1 1.1 -.2 6.2 1.8 0 2.3 -1.6 1.4 1.5 3.2 1.6 1.8 .2"
        },
        {
            1, 2, 2,
            "6.25 2.25 3.25 1.25 -2.75 3.25 -.75 7.25 -7.75 2.25 .25 5.25 5.25 -6.75 9.25 .25 " +
            "-3 2.5 -4.5 -2 5.5 -5 -2.5 -5 .5 2 -7 -2.5 1 -.5 -1.5 -5",
            "1.45 1.8 -1.25 -1.3 2.85 3.2 -1.45 -1.5 1.45 1.6 -.95 -.9 2.05 2.2 -.75 -.7 " +
            "-5.5 -5.8 6.5 6.8 -6.7 -7 7.7 8 -7.9 -8.2 5.7 6 -9.1 -9.4 6.9 7.2",
            "5.1 10.8 5.7 5.3 13.1 7.4 1.8 3.9 1.7 2.7 3.4 .9 7.3 8.9 2.4 2.2 2.3 .7 " +
            "11.5 23.6 12.1 14.9 35.5 20.2 5 13.5 8.1 5.9 8.2 2.5 18.5 24.9 7.2 10.2 13.5 3.9"
        },
    };

    [Theory]
    [MemberData(nameof(Goldens))]
    public void ProductsAreThoseOfPyTorch(int stride, int padding, int dilation, string y, string dx, string dw)
    {
        var shape = new ConvolutionShape(
            2, 2, Extent.Square(4), Extent.Square(3), Extent.Square(stride), Margins.All(padding), Extent.Square(dilation));
        var weights = new ConvolutionWeights(shape);
        var input = new ImageLayout(1, 2, shape.Image, shape.InputBorder);
        var output = new ImageLayout(1, 2, shape.Output, shape.GradientBorder);
        var (x, weight) = (ConvolutionCase.Value(input, Numbers(X)), ToOurs(Numbers(W)));

        using var forward = ConvolutionProduct.Forward(weights, input, output);
        forward.Pack(weight);
        var result = new float[output.Length];
        forward.Run(x, result, new ConvolutionEpilogue { Bias = [.25f, -.5f] });
        CheckClose(Numbers(y), ConvolutionCase.Images(output, result));

        var gradients = Enumerable.Range(1, 2 * shape.Output.Area).Select(number => 0.1f * number).ToArray();
        var dy = ConvolutionCase.Value(output, gradients);
        using var gradInput = ConvolutionProduct.GradInput(weights, output, input);
        gradInput.Pack(weight);
        result = new float[input.Length];
        gradInput.Run(dy, result);
        CheckClose(Numbers(dx), ConvolutionCase.Images(input, result));

        using var gradWeight = new ConvolutionWeightGradient(weights, input, output);
        var gradient = new float[weight.Length];
        gradWeight.Run(x, dy, gradient);
        CheckClose(ToOurs(Numbers(dw)), gradient);
    }

    /// <summary>From <c>[outputs, inputs, taps]</c> to <c>[outputs, taps, inputs]</c>.</summary>
    private static float[] ToOurs(float[] weight)
    {
        var ours = new float[weight.Length];
        for (var i = 0; i < weight.Length; i++)
            ours[(i / 18 * 18) + (i % 9 * 2) + (i / 9 % 2)] = weight[i];
        return ours;
    }

    private static float[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    private static void CheckClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-4f);
    }
}
