namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>What the passes of models on images do by fewer calls than <c>Forward</c> has operations.</summary>
public sealed class ImageEmitterTests
{
    [Fact]
    public void AMaximumFusesReluBeforeItAndBehindIt()
    {
        var passes = Passes("x.Through(Stem).Relu().MaxPool(2).Through(Body).MaxPool(2).Relu()");
        Assert.Contains("= maxima of h2, 2 x 2, stride 2", passes);
        Assert.Contains("relu of maxima of", passes);
        Assert.Contains("at the first maxima, times relu'(h2)", passes);
        Assert.DoesNotContain(".Activate(", passes);
    }

    /// <summary>Channels of an input move as rows where no operation wants images.</summary>
    [Fact]
    public void ChannelsMoveAsTheyLie()
    {
        Assert.DoesNotContain("ChannelPass", Passes("x.Channels(0, 2).Concat(x.Channels(1, 1))"));
        Assert.Contains("ChannelPass.Take(", Passes("x.Subsample(2).Concat(x.Subsample(2).Channels(1, 1))"));
    }

    /// <summary>One sample for eight lanes: 4 x 2 parts of an image of 16 x 14 have 4 x 7 pixels.</summary>
    [Fact]
    public void FewImagesAreCutIntoParts()
    {
        var passes = Passes("(x.Through(Stem).MaxPool(2).Relu() + 1).Through(Body)");
        Assert.Contains("CutsImages = true", passes);
        Assert.Contains("_cuts = new(new(2, 2, 8, 8), new(4, 2, 4, 8), new(4, 4, 4, 4));", passes);
        Assert.Contains("_image8x14x14 = new(8, 14, 14, border: 2) { Parts = new(1, 1, Border: 0, _cuts) };", passes);
        Assert.Contains("_image8x7x7 = new(8, 7, 7, border: 0) { Parts = new(2, 2, Border: 2, _cuts) };", passes);
        Assert.Contains("// 2: lines around the parts of h1, where it lies in parts", passes);
        Assert.Contains("pass.Lines(_image8x7x7)", passes);
    }

    /// <summary>Operations that look at whole images, poolings alone, and parts of an image that are not all as large.</summary>
    [Theory]
    [InlineData("x.Upsample(2).Through(Stem).Through(Body)")]
    [InlineData("x.Through(Stem).AdaptiveAveragePool(14).Through(Body)")]
    [InlineData("x.MaxPool(2).Flatten()")]
    public void OthersStayWhole(string value)
    {
        var passes = Passes(value);
        Assert.DoesNotContain("Parts = ", passes);
        Assert.DoesNotContain("pass.Lines", passes);
    }

    /// <summary>The last images are smaller than parts could be: the pooling before them joins the parts.</summary>
    [Fact]
    public void SmallImagesStayWhole()
    {
        var passes = Passes("x.Through(Stem).MaxPool(14).Through(Point)");
        Assert.Contains("_image8x14x14 = new(8, 14, 14, border: 2) { Parts = ", passes);
        Assert.Contains("_image8x1x1 = new(8, 1, 1, border: 0);", passes);
    }

    /// <summary>The sum and the function of a residual block are computed where a convolution writes its result, in predictions.</summary>
    [Fact]
    public void AConvolutionAddsAResidualValue()
    {
        var passes = Passes("(x.Through(Stem) + x.Subsample(1).Channels(0, 3).PadChannels(0, 5).MaxPool(3, 1)).Relu()");
        Assert.Contains("= relu(Stem(input) + ", passes.Replace("h1", "input"));
        Assert.Contains("PassActivation.Relu, residual: ref ", passes);
        Assert.Contains("ElementwisePass.Add(", passes);
    }

    private static string Passes(string value) => new Emitted(
        $$"""
        namespace Samples;

        [SparseModel]
        public sealed partial class Net
        {
            [Conv2d(3, 8)]
            public partial Conv2d Stem { get; }

            [Conv2d(8, 4)]
            public partial Conv2d Body { get; }

            [Conv2d(8, 4, Kernel = 1)]
            public partial Conv2d Point { get; }

            Activation Forward([Input(3, 16, 16)] Activation x) => {{value}};
        }
        """)["Samples.Net"];
}
