using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0110 and 0111, and what else is said of normalisations.</summary>
public sealed class NormalisationDiagnosticsTests
{
    [Theory]
    [InlineData("BatchNorm2d(4)")]
    [InlineData("BatchNorm2d(4, Momentum = 1, Epsilon = 1e-3, Affine = false, Ghost = 1)")]
    [InlineData("BatchNorm2d(4, Cumulative = true, Ghost = 64)")]
    [InlineData("BatchNorm2d(4, Range = RangeNorm.AuthorCode, Momentum = 0.5)")]
    public Task ANormalisationOfImages(string layer) => VerifyAsync(Images(layer));

    [Theory]
    [InlineData("BatchNorm2d(4, Momentum = {|SPS0110:0|})", "a Momentum of 0; it is the weight of a new batch in the running statistics: "
        + "greater than 0 and at most 1")]
    [InlineData("BatchNorm2d(4, Momentum = {|SPS0110:1.5|})", "a Momentum of 1.5; it is the weight of a new batch in the running "
        + "statistics: greater than 0 and at most 1")]
    [InlineData("BatchNorm2d(4, Momentum = {|SPS0110:double.NaN|})", "a Momentum of NaN; it is the weight of a new batch in the running "
        + "statistics: greater than 0 and at most 1")]
    [InlineData("BatchNorm2d(4, Cumulative = true, Momentum = {|SPS0110:0.1|})",
        "a Momentum although its statistics are cumulative; give it one of both")]
    [InlineData("BatchNorm2d(4, Epsilon = {|SPS0110:0|})", "an Epsilon of 0; it is added to the variance so that nothing is divided by 0: "
        + "make it greater than 0")]
    [InlineData("BatchNorm2d(4, Ghost = {|SPS0110:-2|})",
        "ghost batches of -2 samples; give them at least 2 samples, or 0 for the whole batch")]
    [InlineData("BatchNorm2d(4, Range = {|SPS0110:(RangeNorm)7|})",
        "7 as its Range; use RangeNorm.None, RangeNorm.Paper or RangeNorm.AuthorCode")]
    public async Task AnOptionThatCannotBe(string layer, string fault)
    {
        var messages = await VerifyAsync(Images(layer));
        Assert.Equal($"Layer 'Norm' has {fault}", Assert.Single(messages));
    }

    [Fact]
    public async Task GhostBatchesOfOneSample()
    {
        var messages = await VerifyAsync(Features("BatchNorm1d(4, Ghost = {|SPS0111:1|})"));
        Assert.Equal(
            "Layer 'Norm' normalises single values, which leaves nothing of them; give ghost batches at least 2 samples",
            Assert.Single(messages));
    }

    [Fact]
    public async Task GhostBatchesOfOneImageOfOnePixel()
    {
        var messages = await VerifyAsync(
            """
            [SparseModel]
            public partial class Net
            {
                [BatchNorm2d(4, Ghost = 1)] public partial BatchNorm2d Norm { get; }
                [Linear(4, 2)] public partial Linear Head { get; }
                Activation Forward([Input(4, 1, 1)] Activation x) => x.Through({|SPS0105:Norm|}).Through(Head);
            }
            """);
        Assert.Contains("normalises single values", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{|SPS0008:0|}")]
    [InlineData("{|SPS0008:-1|}")]
    public Task NoChannels(string channels) => VerifyAsync(Images($"BatchNorm2d({channels})"));

    [Fact]
    public async Task OtherChannels()
    {
        var messages = await VerifyAsync(Images("BatchNorm2d(8)", "x.Through({|SPS0105:Norm|})"));
        Assert.Equal(
            "Layer 'Norm' takes 8 channels, but is fed with 100 (4 x 5 x 5); change [BatchNorm2d(8)] to [BatchNorm2d(4)]",
            Assert.Single(messages));
    }

    [Fact]
    public async Task FeaturesWhereImagesAreTaken()
    {
        var messages = await VerifyAsync(
            """
            [SparseModel]
            public partial class Net
            {
                [BatchNorm2d(4)] public partial BatchNorm2d Norm { get; }
                Activation Forward([Input(4)] Activation x) => x.Through({|SPS0105:Norm|});
            }
            """);
        Assert.Equal(
            "Layer 'Norm' takes images of 4 channels, but is fed with 4; give the input three dimensions, or use BatchNorm1d for features",
            Assert.Single(messages));
    }

    [Fact]
    public async Task OtherFeatures()
    {
        var messages = await VerifyAsync(Features("BatchNorm1d(8)", "x.Through({|SPS0026:Norm|})"));
        Assert.Equal(
            "Layer 'Norm' takes 8 features, but this value has 4; change [BatchNorm1d(8)] to [BatchNorm1d(4)] or feed it another value",
            Assert.Single(messages));
    }

    [Theory]
    [InlineData("LayerNorm(100)")]
    [InlineData("LayerNorm(4, 5, 5, Epsilon = 1e-3, Affine = false)")]
    [InlineData("GroupNorm(2, 4)")]
    [InlineData("GroupNorm(4, 4, Affine = false)")]
    public Task ANormalisationOfSamples(string layer) => VerifyAsync(Samples(layer));

    [Theory]
    [InlineData("LayerNorm(100, Epsilon = {|SPS0110:0|})", "has an Epsilon of 0; it is added to the variance so that nothing is divided by "
        + "0: make it greater than 0")]
    [InlineData("LayerNorm({|SPS0111:1|})",
        "normalises single values, which leaves nothing of them; normalise a value of more than one number")]
    [InlineData("GroupNorm(2, 4, Epsilon = {|SPS0110:-1|})", "has an Epsilon of -1; it is added to the variance so that nothing is divided "
        + "by 0: make it greater than 0")]
    public async Task AnOptionOfSamplesThatCannotBe(string layer, string fault) =>
        Assert.Equal($"Layer 'Norm' {fault}", Assert.Single(await VerifyAsync(Samples(layer))));

    [Theory]
    [InlineData("LayerNorm({|SPS0008:0|})")]
    [InlineData("LayerNorm({|SPS0008:4|}, -5, 5)")]
    [InlineData("GroupNorm({|SPS0008:0|}, 4)")]
    [InlineData("GroupNorm(2, {|SPS0008:0|})")]
    [InlineData("GroupNorm(3, {|SPS0008:4|})")]
    public Task DimensionsThatCannotBe(string layer) => VerifyAsync(Samples(layer));

    [Fact]
    public async Task OtherChannelsInGroups()
    {
        var messages = await VerifyAsync(Samples("GroupNorm(2, 8)", "x.Through({|SPS0105:Norm|})"));
        Assert.Equal(
            "Layer 'Norm' takes 8 channels, but is fed with 100 (4 x 5 x 5); change [GroupNorm(2, 8)] to [GroupNorm(2, 4)]",
            Assert.Single(messages));
    }

    [Fact]
    public async Task GroupsOfFeatures()
    {
        var messages = await VerifyAsync(
            """
            [SparseModel]
            public partial class Net
            {
                [GroupNorm(2, 4)] public partial GroupNorm Norm { get; }
                Activation Forward([Input(4)] Activation x) => x.Through({|SPS0105:Norm|});
            }
            """);
        Assert.Equal(
            "Layer 'Norm' takes images of 4 channels, but is fed with 4; give the input three dimensions, or use LayerNorm for features",
            Assert.Single(messages));
    }

    [Fact]
    public async Task GroupsOfOneChannelOfOnePixel()
    {
        var messages = await VerifyAsync(
            """
            [SparseModel]
            public partial class Net
            {
                [GroupNorm(4, 4)] public partial GroupNorm Norm { get; }
                Activation Forward([Input(4, 1, 1)] Activation x) => x.Through({|SPS0105:Norm|});
            }
            """);
        Assert.Contains("normalises single values", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherFeaturesOfSamples()
    {
        var messages = await VerifyAsync(Samples("LayerNorm(8)", "x.Through({|SPS0026:Norm|})"));
        Assert.Contains("takes 8 features", Assert.Single(messages), StringComparison.Ordinal);
        Assert.Contains("change [LayerNorm(8)] to [LayerNorm(100)]", messages[0], StringComparison.Ordinal);
    }

    private static string Samples(string layer, string value = "x.Through(Norm)") =>
        $$"""
        [SparseModel]
        public partial class Net
        {
            [{{layer}}] public partial {{layer[..layer.IndexOf('(', StringComparison.Ordinal)]}} Norm { get; }
            [Linear(100, 2)] public partial Linear Head { get; }
            Activation Forward([Input(4, 5, 5)] Activation x) => {{value}}.Through(Head);
        }
        """;

    private static string Images(string layer, string value = "x.Through(Norm)") =>
        $$"""
        [SparseModel]
        public partial class Net
        {
            [{{layer}}] public partial BatchNorm2d Norm { get; }
            [Linear(100, 2)] public partial Linear Head { get; }
            Activation Forward([Input(4, 5, 5)] Activation x) => {{value}}.Through(Head);
        }
        """;

    private static string Features(string layer, string value = "x.Through(Norm)") =>
        $$"""
        [SparseModel]
        public partial class Net
        {
            [{{layer}}] public partial BatchNorm1d Norm { get; }
            Activation Forward([Input(4)] Activation x) => {{value}};
        }
        """;
}
