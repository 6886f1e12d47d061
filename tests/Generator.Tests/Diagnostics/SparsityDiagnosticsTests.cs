using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0040 to 0060: sparsity attributes.</summary>
public sealed class SparsityDiagnosticsTests
{
    [Theory]
    [InlineData("[Linear(128, 64), NMSparse(2, 4)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Transposable = true)]")]
    [InlineData("[Linear(128, 64), NMSparse(1, 32, Policy = MaskPolicy.Static)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.SrSte, RefreshEvery = 7, Decay = 0)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough, RefreshEvery = 7)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.BiMask, Decay = 1e-4)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Step, RefreshEvery = 7)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.Regrow, RefreshEvery = 7, RegrowShare = 0.1)]")]
    [InlineData("[Linear(128, 65), NMSparse(31, 32)]")]
    [InlineData("[Linear(128, 64), Dense]")]
    [InlineData("[NMSparse(2, 4)][Linear(128, 64)]")]
    public Task ALayerThatIsRight(string attributes) => VerifyAsync(Layer(attributes));

    [Theory]
    [InlineData("[Linear(128, 64), NMSparse(2, 4), {|SPS0040:Dense|}]")]
    [InlineData("[Linear(128, 64), Dense, {|SPS0040:NMSparse(2, 4)|}]")]
    public async Task SparseAndDenseTogether(string attributes) =>
        Assert.Contains("on the same layer 'Head'; keep one of them", Assert.Single(await VerifyAsync(Layer(attributes))));

    [Fact]
    public async Task ASparsityAttributeWithoutALayer()
    {
        var messages = await VerifyAsync("""
            [SparseModel] public partial class Block { Activation Forward([Input(128)] Activation x) => x.Relu(); }
            [SparseModel] public partial class Net
            {
                [{|SPS0041:NMSparse(2, 4)|}] public partial Block First { get; }
                [{|SPS0041:Dense|}] public int Other { get; set; }
                Activation Forward([Input(128)] Activation x) => x.Through(First);
            }
            """);
        Assert.StartsWith("[NMSparse] has no effect on 'First', which has no layer attribute", messages[0]);
    }

    [Theory]
    [InlineData("NMSparse({|SPS0042:0|}, 4)")]
    [InlineData("NMSparse({|SPS0042:-1|}, 4)")]
    [InlineData("NMSparse({|SPS0042:4|}, 4)")]
    [InlineData("NMSparse({|SPS0042:5|}, 4)")]
    [InlineData("NMSparse(2, {|SPS0042:64|})")]
    [InlineData("NMSparse({|SPS0042:1|}, 1)")]
    [InlineData("NMSparse(group: {|SPS0042:33|}, keep: 1)")]
    public Task APatternOutOfRange(string attribute)
    {
        // The same on a layer and as the default of a class.
        var onClass = $"[SparseModel, {attribute}] public partial class Net {{ [Linear(128, 64)] public partial Linear Head {{ get; }} "
            + $"Activation Forward([Input(128)] Activation x) => x.Through(Head); }}";
        return Task.WhenAll(VerifyAsync(Layer($"[Linear(128, 64), {attribute}]")), VerifyAsync(onClass));
    }

    [Theory]
    [InlineData(
        "[Linear({|SPS0043:130|}, 64), NMSparse(2, 4)]",
        "Layer 'Head' has 130 input features, which groups of 4 do not divide; change it to 128 or 132", 130)]
    [InlineData(
        "[NMSparse(8, 16)][Linear(outputs: 64, inputs: {|SPS0043:130|})]",
        "Layer 'Head' has 130 input features, which groups of 16 do not divide; change it to 128 or 144", 130)]
    [InlineData(
        "[Linear({|SPS0043:3|}, 6400), NMSparse(2, 4)]",
        "Layer 'Head' has 3 input features, which groups of 4 do not divide; change it to 4", 3)]
    [InlineData(
        "[Linear(128, {|SPS0044:66|}), NMSparse(2, 4, Transposable = true)]",
        "Layer 'Head' is transposable and has 66 output features, which groups of 4 do not divide; change it to 64 or 68", 128)]
    [InlineData(
        "[Linear({|SPS0043:130|}, 66), NMSparse(2, 4, Transposable = true)]",
        "Layer 'Head' has 130 input features, which groups of 4 do not divide; change it to 128 or 132", 130)]
    public async Task DimensionsThatGroupsDoNotDivide(string attributes, string message, int inputs) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer(attributes, inputs))));

    [Fact]
    public async Task ADefaultThatDoesNotFitALayerIsReportedOnTheClass()
    {
        var messages = await VerifyAsync("""
            [SparseModel, {|SPS0044:NMSparse(2, 4, Transposable = true)|}]
            public partial class Net
            {
                [Linear(128, 1024)] public partial Linear Stem { get; }
                [Linear(1024, 10)] public partial Linear Head { get; }
                Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Head);
            }
            """);
        Assert.Equal(
            "Layer 'Head' is transposable and has 10 output features, which groups of 4 do not divide; change it to 8 or 12 or put [Dense] "
                + "on 'Head'",
            Assert.Single(messages));
    }

    [Theory]
    [InlineData("Dense")]
    [InlineData("NMSparse(2, 4)")]
    public Task ALayerCanOptOutOfADefaultOrReplaceIt(string attribute) => VerifyAsync($$"""
        [SparseModel, NMSparse(2, 4, Transposable = true)]
        public partial class Net
        {
            [Linear(128, 1024)] public partial Linear Stem { get; }
            [Linear(1024, 10), {{attribute}}] public partial Linear Head { get; }
            Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Head);
        }
        """);

    [Fact]
    public async Task ALayerThatIsTooSmall()
    {
        var messages = await VerifyAsync("""
            [SparseModel, NMSparse(2, 4)]
            public partial class Net
            {
                [{|SPS0045:Linear(16, 16)|}] public partial Linear ByDefault { get; }
                [Linear(16, 16), {|SPS0045:NMSparse(1, 4)|}] public partial Linear Own { get; }
                [Linear(16, 16), Dense] public partial Linear Excepted { get; }
                [Linear(16, 1024)] public partial Linear Large { get; }
                Activation Forward([Input(16)] Activation x) => x.Through(ByDefault).Through(Own).Through(Excepted).Through(Large);
            }
            """);
        Assert.EndsWith("so put [Dense] on it", messages[0]);
        Assert.EndsWith("so remove [NMSparse]", messages[1]);
    }

    [Theory]
    [InlineData("NMSparse(2, 4, RefreshEvery = {|SPS0046:-1|})")]
    [InlineData("NMSparse(2, 4, Decay = {|SPS0047:-2e-4|})")]
    [InlineData("NMSparse(2, 4, Decay = {|SPS0047:double.NaN|})")]
    [InlineData("NMSparse(2, 4, Decay = {|SPS0047:double.PositiveInfinity|})")]
    [InlineData("NMSparse(2, 4, Policy = {|SPS0048:(MaskPolicy)7|})")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Regrow, RegrowShare = {|SPS0060:0|})")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Regrow, RegrowShare = {|SPS0060:double.NaN|})")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Regrow, RegrowShare = {|SPS0060:double.PositiveInfinity|})")]
    public Task ASettingOutOfRange(string attribute) => VerifyAsync(Layer($"[Linear(128, 64), {attribute}]"));

    [Theory]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Static, Decay = {|SPS0049:0|})", "Static")]
    [InlineData("NMSparse(2, 4, Decay = {|SPS0049:1e-4|}, Policy = MaskPolicy.StraightThrough)", "StraightThrough")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold, Decay = {|SPS0049:2e-4|})", "SoftThreshold")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Step, Decay = {|SPS0049:2e-4|})", "Step")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Static, RefreshEvery = {|SPS0050:40|})", "Static: its mask is found once")]
    [InlineData(
        "NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold, RefreshEvery = {|SPS0050:1|})", "SoftThreshold: its mask follows the weights")]
    [InlineData("NMSparse(2, 4, RegrowShare = {|SPS0059:0.1|})", "SrSte, which does not score masked weights")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Static, RegrowShare = {|SPS0059:0.1|})", "Static, which does not score masked weights")]
    [InlineData("NMSparse(2, 4, Policy = MaskPolicy.Regrow, Decay = {|SPS0049:0|})", "Regrow")]
    public async Task ASettingThatThePolicyIgnores(string attribute, string message) =>
        Assert.Contains(
            $"no effect under MaskPolicy.{message}", Assert.Single(await VerifyAsync(Layer($"[Linear(128, 64), {attribute}]"))));

    [Fact]
    public async Task ASoftThresholdOfATransposableMask() =>
        Assert.StartsWith(
            "A transposable 2:4 mask cannot be soft-thresholded",
            Assert.Single(await VerifyAsync(
                Layer("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold, Transposable = {|SPS0051:true|})]"))));

    [Fact]
    public async Task ASecondMaskBesideATransposableOne() =>
        Assert.StartsWith(
            "A transposable 2:4 mask serves the gradient of the input already",
            Assert.Single(await VerifyAsync(
                Layer("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.BiMask, Transposable = {|SPS0052:true|})]"))));

    private static string Layer(string attributes, int inputs = 128) =>
        $"[SparseModel] public partial class Net {{ {attributes} public partial Linear Head {{ get; }} Activation Forward([Input({inputs})] Activation x) => x.Through(Head); }}";
}
