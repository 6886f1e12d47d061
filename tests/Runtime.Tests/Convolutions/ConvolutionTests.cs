using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Matrices;
using SparseSharp.Runtime.Tests.Testing;

namespace SparseSharp.Runtime.Tests.Convolutions;

/// <summary>Kernels, packing and drivers of convolutions against sums of doubles.</summary>
public sealed class ConvolutionTests
{
    /// <summary>In units of 2⁻²⁴ times the sum of magnitudes; sums of a few hundred products stay far below.</summary>
    private const double Tolerance = 40 * 5.96e-8;

    public static TheoryData<string> Shapes => ConvolutionCases.Names;

    public static TheoryData<string, string> MaskedShapes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var mask in ConvolutionCases.Masks)
            {
                string[] shapes =
                    ["3x3", "3x3 stride 2", "4x4 image", "2 groups", "1x1", "many channels", "asymmetric padding", "depthwise"];
                foreach (var shape in shapes)
                    data.Add(mask, shape);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DenseProducts(string name) => CheckProducts(MakeCase(name));

    [Theory]
    [MemberData(nameof(MaskedShapes))]
    public void MaskedProducts(string mask, string name) => CheckProducts(MakeCase(name, mask));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MembersDoNotChangeBits(string name)
    {
        foreach (var test in new[] { MakeCase(name), MakeCase(name, "50 %") })
        {
            var (y, dx, dw) = (test.Forward(), test.GradInput(), test.GradWeight());
            for (var members = 2; members <= 4; members++)
            {
                Assert.Equal(y, test.Forward(members));
                Assert.Equal(dx, test.GradInput(members));
                Assert.Equal(dw, test.GradWeight(members));
            }
        }
    }

    [Theory]
    [InlineData("2:4 transposable", ConvolutionFormat.Pairs, ConvolutionFormat.Pairs)]
    [InlineData("1:2 transposable", ConvolutionFormat.Pairs, ConvolutionFormat.Pairs)]
    [InlineData("1:4 transposable", ConvolutionFormat.Singles, ConvolutionFormat.Singles)]
    [InlineData("blocks", ConvolutionFormat.Columns, ConvolutionFormat.Columns)]
    [InlineData("scattered blocks", ConvolutionFormat.Columns, ConvolutionFormat.Columns)]
    [InlineData("50 %", ConvolutionFormat.PairsAndSingles, ConvolutionFormat.PairsAndSingles)]
    [InlineData("10 %", ConvolutionFormat.Singles, ConvolutionFormat.Singles)]
    public void MasksChooseTheirFormat(string mask, object forward, object transposed)
    {
        var test = MakeCase("3x3", mask);
        using var product = test.NewForward();
        using var gradient = test.NewGradInput();
        Assert.Equal([(ConvolutionFormat)forward], product.Formats);
        Assert.Equal([(ConvolutionFormat)transposed], gradient.Formats);
    }

    [Theory]
    [InlineData("3x3")]
    [InlineData("4x4 image")]
    [InlineData("many channels")]
    [InlineData("1x1")]
    public void EpilogueDoesItsStepsInOrder(string name)
    {
        var test = MakeCase(name);
        var random = new Random(5);
        using var product = test.NewForward();
        var (bias, scale, shift) = (Numbers(), Numbers(), Numbers());
        var images = ConvolutionCase.Numbers(random, test.DY.Length);
        var gates = ConvolutionCase.Numbers(random, test.DY.Length);
        var y = new float[test.Output.Length];
        product.Run(
            ConvolutionCase.Value(test.Input, test.X), y, new ConvolutionEpilogue
            {
                Bias = bias,
                Scale = scale,
                Shift = shift,
                Residual = ConvolutionCase.Value(test.Output, images),
                Gate = ConvolutionCase.Value(test.Output, gates),
                Relu = true,
            });
        var (sums, magnitudes) = test.Reference.Forward(test.X);
        var actual = ConvolutionCase.Images(test.Output, y);
        for (var i = 0; i < actual.Length; i++)
        {
            var channel = i / test.Shape.Output.Area % test.Shape.Outputs;
            var expected = Math.Max(0, (scale[channel] * (sums[i] + bias[channel])) + shift[channel] + images[i]);
            Assert.Equal(gates[i] > 0 ? expected : 0, actual[i], Tolerance * (magnitudes[i] + 3));
        }

        float[] Numbers() => ConvolutionCase.Numbers(random, test.Shape.Outputs);
    }

    [Theory]
    [InlineData("3x3")]
    [InlineData("3x3 stride 2")]
    [InlineData("2x2 image")]
    public void GradientsAccumulate(string name)
    {
        var test = MakeCase(name);
        using var product = test.NewGradInput();
        var before = ConvolutionCase.Numbers(new Random(9), test.X.Length);
        var dx = ConvolutionCase.Value(test.Input, before);
        product.Run(ConvolutionCase.Value(test.Output, test.DY), dx, new ConvolutionEpilogue { Accumulate = true });
        var (sums, magnitudes) = test.Reference.GradInput(test.DY);
        CheckClose(ConvolutionCase.Images(test.Input, dx), [.. sums.Zip(before, (a, b) => a + b)], [.. magnitudes.Select(m => m + 1)]);
    }

    [Theory]
    [InlineData("3x3")]
    [InlineData("2x2 image")]
    [InlineData("3x3 on 10x13")]
    [InlineData("many channels")]
    public void StatisticsAreThoseOfTheOutput(string name)
    {
        var test = MakeCase(name);
        using var product = test.NewForward();
        using var sums = new ChannelSums(product);
        var bias = ConvolutionCase.Numbers(new Random(2), test.Shape.Outputs);
        var (sizes, area) = (test.Shape.Outputs, test.Shape.Output.Area);
        (double Mean, double Variance)[]? first = null;
        for (var members = 1; members <= 4; members++)
        {
            var y = new float[test.Output.Length];
            for (var member = 0; member < members; member++)
            {
                product.Run(
                    ConvolutionCase.Value(test.Input, test.X), y,
                    new ConvolutionEpilogue { Sums = sums, Bias = bias, Relu = true }, member, members);
            }
            var moments = Enumerable.Range(0, sizes).Select(sums.Moments).ToArray();
            first ??= moments;
            Assert.Equal(first, moments);
        }
        var values = test.Reference.Forward(test.X).Values;
        for (var channel = 0; channel < sizes; channel++)
        {
            double[] all = [.. values.Where((_, i) => i / area % sizes == channel).Select(value => value + bias[channel])];
            Assert.Equal(all.Average(), first![channel].Mean, 1e-5 * (1 + all.Average(Math.Abs)));
            var squares = all.Average(value => value * value);
            Assert.Equal(squares - (all.Average() * all.Average()), first[channel].Variance, 1e-5 * (1 + squares));
        }
    }

    [Fact]
    public void ParametersMayBePacked()
    {
        var (shape, samples) = ConvolutionCases.All["3x3"];
        var mask = ConvolutionCases.MakeMask("blocks", shape);
        var test = new ConvolutionCase(shape, samples, mask);
        // The kept weights alone, last one first.
        var positions = new int[test.Weight.Length];
        var next = (int)mask.Count;
        for (var i = 0; i < positions.Length; i++)
            positions[i] = mask[i / shape.Columns, i % shape.Columns] ? --next : -1;
        var packed = new float[mask.Count];
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
                packed[positions[i]] = test.Weight[i];
        }
        var weights = new ConvolutionWeights(shape, mask, positions, packed.Length);
        using var product = ConvolutionProduct.Forward(weights, test.Input, test.Output);
        product.Pack(packed);
        var y = new float[test.Output.Length];
        product.Run(ConvolutionCase.Value(test.Input, test.X), y);
        Assert.Equal(test.Forward(), ConvolutionCase.Images(test.Output, y));

        using var gradient = new ConvolutionWeightGradient(weights, test.Input, test.Output);
        var dw = new float[packed.Length];
        gradient.Run(ConvolutionCase.Value(test.Input, test.X), ConvolutionCase.Value(test.Output, test.DY), dw);
        var all = test.GradWeight();
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
                Assert.Equal(all[i], dw[positions[i]]);
        }
    }

    [Theory]
    [InlineData("3x3")]
    [InlineData("2x2 image")]
    [InlineData("3x3 on 10x13")]
    public void BiasGradientsAreSumsOfTheOutputs(string name)
    {
        var test = MakeCase(name);
        using var product = new ConvolutionWeightGradient(new ConvolutionWeights(test.Shape), test.Input, test.Output);
        var dy = ConvolutionCase.Value(test.Output, test.DY);
        var gradient = new float[test.Shape.Outputs];
        for (var member = 0; member < 3; member++)
            product.RunBias(dy, gradient, accumulate: false, member, members: 3);
        var area = test.Shape.Output.Area;
        for (var channel = 0; channel < gradient.Length; channel++)
        {
            var expected = test.DY.Where((_, i) => i / area % gradient.Length == channel).Sum(value => (double)value);
            Assert.Equal(expected, gradient[channel], 1e-4);
        }
        product.RunBias(dy, gradient, accumulate: true);
        Assert.Equal(2 * test.DY.Where((_, i) => i / area % gradient.Length == 0).Sum(value => (double)value), gradient[0], 1e-4);
        Assert.Throws<ArgumentException>(() => product.RunBias(dy, new float[1]));
        Assert.Throws<ArgumentException>(() => product.RunBias(new float[7], gradient));
    }

    [Theory]
    [InlineData(MaskPolicy.Static)]
    [InlineData(MaskPolicy.SrSte)]
    public void MatricesGiveTheirWeights(MaskPolicy policy)
    {
        var (shape, samples) = ConvolutionCases.All["3x3"];
        var pattern = new NMPattern(2, 4, Transposable: true, policy);
        using var matrix = new NMMatrix(shape.Outputs, shape.Columns, pattern, BucketFormat.Pairs, rounds: false);
        CheckMatrix(matrix, shape, samples);
    }

    [Fact]
    public void DenseMatricesGiveTheirWeights()
    {
        var (shape, samples) = ConvolutionCases.All["3x3 stride 2"];
        using var matrix = new DenseMatrix(shape.Outputs, shape.Columns, rounds: false);
        CheckMatrix(matrix, shape, samples);
    }

    [Fact]
    public void ProductsOfGraphsGiveTheirWeights()
    {
        var outer = new GraphFactor(2, 2, 1, new ushort[] { 1, 0 });
        var inner = new GraphFactor(2, 3, 1, new ushort[] { 2, 0 });
        var pattern = new RamanujanPattern(outer, 2, 3, inner, 2, 4, RamanujanPattern.ComputeHash(outer, 2, 3, inner, 2, 4));
        var shape = new ConvolutionShape(8, 16, new(9, 9), Extent.Square(3), padding: Margins.All(1));
        Assert.Equal((shape.Outputs, shape.Columns), (pattern.Outputs, pattern.Inputs));
        using var matrix = new GraphMatrix(shape.Outputs, shape.Columns, pattern, kernelColumns: 4, rounds: false);
        var weights = CheckMatrix(matrix, shape, samples: 3);
        var test = new ConvolutionCase(shape, samples: 3);
        using var product = ConvolutionProduct.Forward(weights, test.Input, test.Output);
        Assert.Equal([ConvolutionFormat.Columns], product.Formats);
    }

    [Fact]
    public void CallsAllocateNothing()
    {
        var test = MakeCase("3x3 stride 2", "50 %");
        using var forward = test.NewForward();
        using var gradInput = test.NewGradInput();
        using var gradWeight = new ConvolutionWeightGradient(new ConvolutionWeights(test.Shape, test.Mask), test.Input, test.Output);
        var (x, dy) = (ConvolutionCase.Value(test.Input, test.X), ConvolutionCase.Value(test.Output, test.DY));
        var dw = new float[test.Weight.Length];
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            forward.Pack(test.Weight);
            forward.Run(x, dy);
            gradInput.Run(dy, x);
            gradWeight.Run(x, dy, dw);
        }));
    }

    [Fact]
    public void WrongSizesThrow()
    {
        var test = MakeCase("3x3");
        using var product = test.NewForward();
        using var other = test.NewForward();
        using var otherSums = new ChannelSums(other);
        var (x, y) = (new float[test.Input.Length], new float[test.Output.Length]);
        Assert.Throws<ArgumentException>(() => product.Run(x[1..], y));
        Assert.Throws<ArgumentException>(() => product.Run(x, y[1..]));
        Assert.Throws<ArgumentException>(() => product.Run(x, y, new ConvolutionEpilogue { Bias = new float[3] }));
        Assert.Throws<ArgumentException>(() => product.Run(x, y, new ConvolutionEpilogue { Scale = new float[12] }));
        Assert.Throws<ArgumentException>(() => product.Run(x, y, new ConvolutionEpilogue { Residual = x }));
        Assert.Throws<ArgumentException>(() => product.Run(x, y, new ConvolutionEpilogue { Gate = y.AsSpan(1) }));
        Assert.Throws<ArgumentException>(() => product.Run(x, y, new ConvolutionEpilogue { Sums = otherSums }));
        Assert.Throws<ArgumentException>(() => product.Run(x, y, new ConvolutionEpilogue { Bias = new float[12], Accumulate = true }));
        Assert.Throws<ArgumentOutOfRangeException>(() => product.Run(x, y, default, 2, 2));
        Assert.Throws<ArgumentException>(() => product.Pack(new float[5]));

        var weights = new ConvolutionWeights(test.Shape);
        using var gradient = new ConvolutionWeightGradient(weights, test.Input, test.Output);
        Assert.Throws<ArgumentException>(() => gradient.Run(x, y, new float[5]));
        Assert.Throws<ArgumentException>(() => gradient.Run(y, y, new float[test.Weight.Length]));
        var narrow = new ImageLayout(test.Samples, test.Shape.Inputs, test.Shape.Image, border: 0);
        Assert.Throws<ArgumentException>(() => ConvolutionProduct.Forward(weights, narrow, test.Output));
        Assert.Throws<ArgumentException>(() => new ConvolutionWeightGradient(weights, narrow, test.Output));
        Assert.Throws<ArgumentException>(() => ConvolutionProduct.Forward(weights, test.Output, test.Input));
        Assert.Throws<ArgumentException>(() => new ConvolutionWeights(test.Shape, new Mask(4, 4)));
        Assert.Throws<ArgumentException>(() => new ConvolutionWeights(test.Shape, positions: new int[3]));
    }

    [Fact]
    public void ShapesAreChecked()
    {
        var image = new Extent(4, 4);
        Assert.Equal(new Extent(2, 2), new ConvolutionShape(3, 4, image, Extent.Square(3), Extent.Square(2), Margins.All(1)).Output);
        Assert.Equal(16L * 4 * 27, new ConvolutionShape(3, 4, image, Extent.Square(3), padding: Margins.All(1)).MultiplyAdds);
        Assert.Throws<ArgumentException>(() => new ConvolutionShape(3, 4, image, Extent.Square(5)));
        Assert.Throws<ArgumentException>(() => new ConvolutionShape(3, 4, image, Extent.Square(3), groups: 2));
        Assert.Throws<ArgumentException>(() => new ConvolutionShape(3, 4, image, Extent.Square(3), padding: new(0, 0, -1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvolutionShape(0, 4, image, Extent.Square(3)));
    }

    private static unsafe ConvolutionWeights CheckMatrix(Matrix matrix, ConvolutionShape shape, int samples)
    {
        var master = ConvolutionCase.Numbers(new Random(4), shape.Outputs * shape.Columns);
        fixed (float* dense = master)
        {
            matrix.FindMask(dense, fromMask: false);
            matrix.Install(dense);
        }
        var effective = new float[master.Length];
        matrix.CopyEffective(effective);
        var weights = ConvolutionWeights.Of(shape, matrix);
        var test = new ConvolutionCase(shape, samples, weight: effective);
        using var product = ConvolutionProduct.Forward(weights, test.Input, test.Output);
        product.Pack(matrix.Parameter.Values);
        var y = new float[test.Output.Length];
        product.Run(ConvolutionCase.Value(test.Input, test.X), y);
        var (sums, magnitudes) = test.Reference.Forward(test.X);
        CheckClose(ConvolutionCase.Images(test.Output, y), sums, magnitudes);

        using var gradient = new ConvolutionWeightGradient(weights, test.Input, test.Output);
        var own = new float[weights.Parameters];
        gradient.Run(ConvolutionCase.Value(test.Input, test.X), ConvolutionCase.Value(test.Output, test.DY), own);
        var actual = new float[master.Length];
        matrix.Export(own, actual);
        (sums, magnitudes) = test.Reference.GradWeight(test.X, test.DY);
        for (var i = 0; i < sums.Length && matrix.Mask is not null; i++)
            sums[i] = matrix.Mask[i / shape.Columns, i % shape.Columns] ? sums[i] : 0;
        CheckClose(actual, sums, magnitudes);
        Assert.Throws<ArgumentException>(() => ConvolutionWeights.Of(new ConvolutionShape(4, 4, shape.Image, shape.Kernel), matrix));
        return weights;
    }

    private static ConvolutionCase MakeCase(string name, string? mask = null)
    {
        var (shape, samples) = ConvolutionCases.All[name];
        return new(shape, samples, mask is null ? null : ConvolutionCases.MakeMask(mask, shape));
    }

    private static void CheckProducts(ConvolutionCase test)
    {
        var (y, dx, dw) = (test.Reference.Forward(test.X), test.Reference.GradInput(test.DY), test.Reference.GradWeight(test.X, test.DY));
        CheckClose(test.Forward(), y.Values, y.Magnitudes);
        CheckClose(test.GradInput(), dx.Values, dx.Magnitudes);
        // Masked weights have no gradient.
        for (var i = 0; i < dw.Values.Length && test.Mask is not null; i++)
            dw.Values[i] = test.Mask[i / test.Shape.Columns, i % test.Shape.Columns] ? dw.Values[i] : 0;
        CheckClose(test.GradWeight(), dw.Values, dw.Magnitudes);
    }

    private static void CheckClose(float[] actual, double[] expected, double[] magnitudes)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            var error = Math.Abs(actual[i] - expected[i]);
            Assert.True(error <= Tolerance * magnitudes[i], $"{actual[i]} instead of {expected[i]} at {i}, magnitudes {magnitudes[i]}");
        }
    }
}
