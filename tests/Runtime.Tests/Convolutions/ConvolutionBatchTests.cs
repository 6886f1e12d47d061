using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Convolutions;

/// <summary>Products for one vector of samples at a time, and weight gradients over any number of them.</summary>
public sealed unsafe class ConvolutionBatchTests
{
    public static TheoryData<string> Shapes =>
    [
        "3x3", "3x3 stride 2", "4x4 image", "2x2 image", "2x2 image, stride 2", "1x1 image", "1x1", "depthwise 5x5 on 4x4",
        "many channels",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WeightGradientsTakeAnyBatch(string name)
    {
        var shape = ConvolutionCases.All[name].Shape;
        var weights = new ConvolutionWeights(shape, ConvolutionCases.MakeMask("50 %", shape));
        var lanes = PanelGeometry.Lanes;
        var (input, output) = (Layouts(shape, lanes).Input, Layouts(shape, lanes).Output);
        using var gradient = new ConvolutionWeightGradient(weights, input, output);
        foreach (var vectors in (int[])[3, 1, 20, 70, 2, 5, 3])
        {
            var test = new ConvolutionCase(shape, vectors * lanes);
            using var whole = new ConvolutionWeightGradient(weights, test.Input, test.Output);
            var (x, dy) = (ConvolutionCase.Value(test.Input, test.X), ConvolutionCase.Value(test.Output, test.DY));
            var (expected, expectedBias) = (new float[test.Weight.Length], new float[shape.Outputs]);
            whole.Run(x, dy, expected);
            whole.RunBias(dy, expectedBias);

            // The same vectors elsewhere, the two values in turn.
            nint stride = input.Length + output.Length + (64 * vectors);
            using var memory = new NativeBuffer<float>(stride * vectors);
            for (var vector = 0; vector < vectors; vector++)
            {
                var first = memory.Span[(int)(vector * stride)..];
                x.AsSpan(vector * test.Input.VectorStride, input.Length).CopyTo(first);
                dy.AsSpan(vector * test.Output.VectorStride, output.Length).CopyTo(first[input.Length..]);
            }
            var (actual, bias) = (new float[expected.Length], new float[shape.Outputs]);
            for (var member = 2; member >= 0; member--)
            {
                gradient.Run(
                    memory.Pointer, stride, memory.Pointer + input.Length, stride, vectors, actual, accumulate: false, member, members: 3);
                gradient.RunBias(memory.Pointer + input.Length, stride, vectors, bias, accumulate: false, member, members: 3);
            }
            Assert.Equal(expected, actual);
            Assert.Equal(expectedBias, bias);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => gradient.Run(null, 1, null, 1, 0, new float[weights.Parameters]));
        Assert.Throws<ArgumentOutOfRangeException>(() => gradient.Run(null, -1, null, 1, 1, new float[weights.Parameters]));
        Assert.Throws<ArgumentException>(() => gradient.RunBias(null, 1, 1, new float[shape.Outputs + 1]));
    }

    [Fact]
    public void VectorsFarApartGoThroughInParts()
    {
        var shape = ConvolutionCases.All["2x2 image"].Shape;
        var (input, output) = Layouts(shape, PanelGeometry.Lanes);
        using var lists = new PixelLists(TapPhase.Forward(shape), input, output, shape.Inputs, density: 1);
        Assert.True(lists.Vectors > 2);
        Assert.Equal(lists.Vectors, lists.Table(input.Length, 1 << 20).Vectors);
        Assert.Equal(2, lists.Table(1 << 30, 1 << 20).Vectors);
        Assert.Equal(1, lists.Table(input.Length, (nint)1 << 40).Vectors);
        Assert.Same(lists.Table(1 << 30, 1 << 20), lists.Table(1 << 30, 1 << 20));
    }

    [Theory]
    [InlineData("3x3")]
    [InlineData("4x4 image")]
    [InlineData("1x1 image")]
    public void SumsCountSomeLanesOnly(string name)
    {
        var shape = ConvolutionCases.All[name].Shape;
        var weights = new ConvolutionWeights(shape);
        for (var samples = 1; samples <= PanelGeometry.Lanes; samples++)
        {
            var test = new ConvolutionCase(shape, samples);
            var (input, output) = Layouts(shape, PanelGeometry.Lanes);
            Assert.Equal(test.Input.Length, input.Length);
            using var exact = ConvolutionProduct.Forward(weights, test.Input, test.Output);
            using var panel = ConvolutionProduct.Forward(weights, input, output);
            Assert.Equal(Moments(exact, 0), Moments(panel, samples));

            (double, double)[] Moments(ConvolutionProduct product, int some)
            {
                product.Pack(test.Weight);
                using var sums = new ChannelSums(product);
                product.Run(
                    ConvolutionCase.Value(test.Input, test.X), new float[output.Length],
                    new ConvolutionEpilogue { Sums = sums, Samples = some });
                return [.. Enumerable.Range(0, shape.Outputs).Select(channel => sums.MomentsOf(samples, channel))];
            }
        }
    }

    [Fact]
    public void TheLastVectorHasASample()
    {
        var test = new ConvolutionCase(ConvolutionCases.All["3x3"].Shape, PanelGeometry.Lanes + 1);
        using var product = test.NewForward();
        var (x, y) = (new float[test.Input.Length], new float[test.Output.Length]);
        foreach (var samples in (int[])[-1, PanelGeometry.Lanes, (2 * PanelGeometry.Lanes) + 1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => product.Run(x, y, new ConvolutionEpilogue { Samples = samples }));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ClassesHaveAllPixelsWithTheirTaps(string name)
    {
        var phases = TapPhase.GradInput(ConvolutionCases.All[name].Shape).Append(TapPhase.Forward(ConvolutionCases.All[name].Shape));
        foreach (var phase in phases)
        {
            for (var vectors = 1; vectors < 6; vectors++)
            {
                var classes = PixelClass.Of(phase, vectors);
                var pixels = classes.SelectMany(some => some.Pixels).ToArray();
                Assert.Equal(phase.Count.Area, pixels.Length);
                Assert.Equal(phase.Count.Area, pixels.Distinct().Count());
                foreach (var some in classes)
                {
                    Assert.Equal(some.Taps.Order().Distinct(), some.Taps);
                    foreach (var pixel in some.Pixels)
                        Assert.All(Inside(phase, pixel), tap => Assert.Contains(tap, some.Taps));
                }
                Assert.True(Work(classes, vectors) <= Work([new([.. Enumerable.Range(0, phase.Taps.Length)], pixels)], vectors));
            }
        }

        static IEnumerable<int> Inside(TapPhase phase, Extent pixel) =>
            Enumerable.Range(0, phase.Taps.Length).Where(tap => phase.IsInside(pixel, phase.Taps[tap]));
    }

    /// <summary>With many vectors classes fill their tiles; with one, corners join edges. At 1x1 one tap lies inside.</summary>
    [Theory]
    [InlineData("1x1 image", 1, 1)]
    [InlineData("2x2 image", 12, 4)]
    [InlineData("4x4 image", 12, 9)]
    [InlineData("4x4 image", 1, 5)]
    [InlineData("3x3", 1, 1)]
    public void ClassesTakeTheFewestTiles(string name, int vectors, int most)
    {
        var phase = TapPhase.Forward(ConvolutionCases.All[name].Shape);
        var classes = PixelClass.Of(phase, vectors);
        Assert.True(classes.Length == most || (vectors == 1 && classes.Length < most), $"{classes.Length} classes");
        if (name == "1x1 image")
            Assert.Equal([4], classes[0].Taps);
    }

    private static long Work(PixelClass[] classes, int vectors) => classes.Sum(
        some => ((some.Pixels.Length * vectors) + ConvolutionTiles.Pixels - 1) / ConvolutionTiles.Pixels * (long)some.Taps.Length);

    private static (ImageLayout Input, ImageLayout Output) Layouts(ConvolutionShape shape, int samples) => (
        new(samples, shape.Inputs, shape.Image, shape.InputBorder), new(samples, shape.Outputs, shape.Output, shape.GradientBorder));
}
