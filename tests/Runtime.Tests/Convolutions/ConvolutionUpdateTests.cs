using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Matrices;
using SparseSharp.Runtime.Tests.Testing;

namespace SparseSharp.Runtime.Tests.Convolutions;

/// <summary>Products that follow their weights from mask to mask.</summary>
public sealed class ConvolutionUpdateTests
{
    public static TheoryData<string> Shapes =>
    [
        "3x3", "3x3 stride 2", "4x4 image", "2 groups", "3 groups of 2 and 3", "1x1", "many channels", "many channels, 1x1",
        "asymmetric padding", "depthwise", "depthwise with 2 outputs each",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ProductsFollowTheirMask(string name)
    {
        var (shape, samples) = ConvolutionCases.All[name];
        var dense = new ConvolutionCase(shape, samples);
        var weights = new ConvolutionWeights(shape);
        using var products = new Products(weights, dense);
        foreach (var kind in ConvolutionCases.Masks.Concat(["none", "10 %"]))
        {
            var mask = kind == "none" ? null : ConvolutionCases.MakeMask(kind, shape);
            var before = weights.Forward.Version;
            Assert.True(weights.Update(mask));
            Assert.NotEqual(before, weights.Forward.Version);
            Assert.True(products.Update(members: 3));
            var test = new ConvolutionCase(shape, samples, mask);
            products.Pack(test.Weight, members: 3);
            products.Check(test);
            Assert.False(weights.Update(mask?.Copy()));
            Assert.False(products.Update(members: 2));
            products.Pack(test.Weight, members: 2);
            products.Check(test);
        }
    }

    [Fact]
    public void GradientsOfTheInputMayUseFewerWeights()
    {
        var (shape, samples) = ConvolutionCases.All["3x3"];
        var (mask, second) = (ConvolutionCases.MakeMask("50 %", shape), ConvolutionCases.MakeMask("10 %", shape, seed: 8));
        var weights = new ConvolutionWeights(shape);
        var test = new ConvolutionCase(shape, samples);
        using var product = ConvolutionProduct.GradInput(weights, test.Output, test.Input);
        Assert.True(weights.Update(mask, second));
        Assert.False(weights.Update(mask, second));
        Assert.True(product.Update());
        product.Pack(test.Weight);
        var dx = new float[test.Input.Length];
        product.Run(ConvolutionCase.Value(test.Output, test.DY), dx);
        Assert.Equal(new ConvolutionCase(shape, samples, second).GradInput(), ConvolutionCase.Images(test.Input, dx));
        Assert.True(weights.Update(mask));
    }

    [Theory]
    [InlineData(MaskPolicy.Static)]
    [InlineData(MaskPolicy.SrSte)]
    public unsafe void WeightsFollowTheirMatrix(MaskPolicy policy)
    {
        var (shape, samples) = ConvolutionCases.All["3x3"];
        var pattern = new NMPattern(2, 4, Transposable: true, policy);
        using var matrix = new NMMatrix(shape.Outputs, shape.Columns, pattern, BucketFormat.Pairs, rounds: false);
        Install(seed: 4);
        var weights = ConvolutionWeights.Of(shape, matrix);
        Assert.False(weights.Update(matrix));
        using var products = new Products(weights, new ConvolutionCase(shape, samples));
        var effective = Install(seed: 5);
        Assert.True(weights.Update(matrix));
        Assert.True(products.Update(members: 2));
        products.Pack(matrix.Parameter.Values, members: 2);
        var test = new ConvolutionCase(shape, samples, matrix.Mask, weight: effective);
        products.CheckForward(test);
        matrix.Unmask();
        Assert.Equal(policy == MaskPolicy.SrSte, !matrix.IsPacked && weights.Update(matrix) && weights.Forward.IsDense);

        float[] Install(int seed)
        {
            var master = ConvolutionCase.Numbers(new Random(seed), shape.Outputs * shape.Columns);
            fixed (float* dense = master)
            {
                matrix.FindMask(dense, fromMask: false);
                matrix.Install(dense);
            }
            matrix.CopyEffective(master);
            return master;
        }
    }

    [Theory]
    [InlineData("2:4 transposable")]
    [InlineData("1:4")]
    [InlineData("50 %")]
    public void UpdatesAllocateNothing(string kind)
    {
        var (shape, samples) = ConvolutionCases.All["3x3 stride 2"];
        var test = new ConvolutionCase(shape, samples);
        Mask[] masks = [ConvolutionCases.MakeMask(kind, shape, seed: 1), ConvolutionCases.MakeMask(kind, shape, seed: 2)];
        var weights = new ConvolutionWeights(shape, masks[0]);
        using var products = new Products(weights, test);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            foreach (var mask in masks)
            {
                weights.Update(mask);
                products.Update(members: 1);
                products.Pack(test.Weight, members: 1);
            }
        }));
    }

    [Fact]
    public void ProductsThatDoNotFollowThrow()
    {
        var (shape, samples) = ConvolutionCases.All["3x3"];
        var test = new ConvolutionCase(shape, samples);
        var weights = new ConvolutionWeights(shape);
        using var product = ConvolutionProduct.Forward(weights, test.Input, test.Output);
        using var gradient = new ConvolutionWeightGradient(weights, test.Input, test.Output);
        weights.Update(ConvolutionCases.MakeMask("blocks", shape));
        Assert.Throws<InvalidOperationException>(() => product.Pack(test.Weight));
        Assert.Throws<InvalidOperationException>(
            () => gradient.Run(new float[test.Input.Length], new float[test.Output.Length], new float[test.Weight.Length]));
        Assert.Throws<ArgumentException>(() => weights.Update(new Mask(3, 3)));
        var packed = new ConvolutionWeights(shape, positions: new int[test.Weight.Length]);
        Assert.Throws<InvalidOperationException>(() => packed.Update(mask: null));
    }

    /// <summary>The three products of a convolution.</summary>
    private sealed class Products(ConvolutionWeights weights, ConvolutionCase test) : IDisposable
    {
        private readonly ConvolutionProduct _forward = ConvolutionProduct.Forward(weights, test.Input, test.Output);
        private readonly ConvolutionProduct _gradInput = ConvolutionProduct.GradInput(weights, test.Output, test.Input);
        private readonly ConvolutionWeightGradient _gradWeight = new(weights, test.Input, test.Output);

        public bool Update(int members)
        {
            var changed = _forward.Update() & _gradInput.Update() & _gradWeight.Update();
            for (var member = members - 1; member >= 0; member--)
                _gradWeight.Arrange(member, members);
            return changed;
        }

        public void Pack(ReadOnlySpan<float> parameter, int members)
        {
            for (var member = members - 1; member >= 0; member--)
            {
                _forward.Pack(parameter, member, members);
                _gradInput.Pack(parameter, member, members);
            }
        }

        /// <summary>Throws unless results have the bits of products that are made for the mask.</summary>
        public void Check(ConvolutionCase expected)
        {
            CheckForward(expected);
            var dx = new float[expected.Input.Length];
            _gradInput.Run(ConvolutionCase.Value(expected.Output, expected.DY), dx);
            Assert.Equal(expected.GradInput(), ConvolutionCase.Images(expected.Input, dx));
            var dw = new float[expected.Weight.Length];
            _gradWeight.Run(ConvolutionCase.Value(expected.Input, expected.X), ConvolutionCase.Value(expected.Output, expected.DY), dw);
            var dense = new ConvolutionCase(expected.Shape, expected.Samples).GradWeight();
            for (var i = 0; i < dw.Length; i++)
            {
                var isKept = expected.Mask?[i / expected.Shape.Columns, i % expected.Shape.Columns] ?? true;
                Assert.Equal(isKept ? dense[i] : 0, dw[i], 1e-4f * (1 + Math.Abs(dense[i])));
            }
        }

        public void CheckForward(ConvolutionCase expected)
        {
            var y = new float[expected.Output.Length];
            _forward.Run(ConvolutionCase.Value(expected.Input, expected.X), y);
            Assert.Equal(expected.Forward(), ConvolutionCase.Images(expected.Output, y));
        }

        public void Dispose()
        {
            _forward.Dispose();
            _gradInput.Dispose();
            _gradWeight.Dispose();
        }
    }
}
