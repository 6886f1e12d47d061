using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0058, 0069, 0070 to 0079 and 0085: blocks of weights.</summary>
public sealed class BlockDiagnosticsTests
{
    [Theory]
    [InlineData("[Linear(128, 64), {|SPS0076:BlockSparse(RBGP4, Sparsity = 0.75)|}]")]
    [InlineData("[Linear(128, 64), {|SPS0076:BlockSparse(BlockKind.RBGP4, Sparsity = 0.5, Seed = 3, Base = BaseGraph.Shift)|}]")]
    [InlineData("[Linear(128, 64), {|SPS0076:BlockSparse(RBGP4, Factors = new[] { 16, 32, 2, 4, 1, 1, 1, 0, 1, 4 })|}]")]
    [InlineData("[Linear(128, 64), {|SPS0076:BlockSparse(RBGP4, Sparsity = 0.75, Factors = [16, 32, 2, 4, 1, 1, 1, 0, 1, 4])|}]")]
    [InlineData("[Linear(128, 64), BlockSparse(Uniform, Sparsity = 0.9)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Uniform, Rows = 8, Cols = 1, Sparsity = 0.9, Balanced = false)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Hierarchical, Sparsity = 0.75)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Hierarchical, Rows = 2, Cols = 2, OuterRows = 16, OuterCols = 8, Sparsity = 0.75, Additive "
        + "= true, PruneFrom = 9, PruneSteps = 100, PruneEvery = 5)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Learned)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Learned, Rows = 16, Cols = 32, Penalty = 0.01)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Learned, Sparsity = 0.75)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Learned, Sparsity = 0.75, Penalty = 0)]")]
    [InlineData("[Linear(128, 64), BlockSparse(Learned, Sparsity = 0.75, Penalty = 0.01, Balanced = true, PruneFrom = 9, PruneSteps = 100, "
        + "PruneEvery = 5)]")]
    public Task ALayerThatIsRight(string attributes) => VerifyAsync(Layer(attributes));

    /// <summary>Sparsities that differ by no more than a hundredth from what whole blocks give are right.</summary>
    [Theory]
    [InlineData("Hierarchical, Sparsity = {|SPS0085:0.9|}", "0.8125, not 0.9", "0.75 or 0.8125")]
    [InlineData("Uniform, Rows = 16, Cols = 16, Sparsity = {|SPS0085:0.9|}", "0.75, not 0.9", "0.5 or 0.75")]
    [InlineData("Uniform, Rows = 16, Cols = 16, Balanced = false, Sparsity = {|SPS0085:0.9|}", "0.875, not 0.9", "0.875 or 0.9375")]
    [InlineData("Learned, Rows = 16, Cols = 16, Sparsity = {|SPS0085:0.6|}, Balanced = true", "0.5, not 0.6", "0.5 or 0.75")]
    [InlineData("Hierarchical, Additive = true, Rows = 16, Cols = 16, Sparsity = {|SPS0085:0.6|}", "0.625, not 0.6", "0.5625 or 0.625")]
    public async Task ASparsityThatWholeBlocksDoNotGive(string blocks, string given, string nearest)
    {
        var message =
            $"Layer 'Head' gets a sparsity of {given}: only whole blocks are dropped; set Sparsity to {nearest}, or take smaller blocks";
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer($"[Linear(64, 64), BlockSparse({blocks})]", 64))));
        var plain = blocks.Replace("{|SPS0085:", "").Replace("|}", "");
        var onClass = $"[SparseModel, {{|SPS0085:BlockSparse({plain})|}}] public partial class Net {{ [Linear(64, 64)] public partial "
            + $"Linear Head {{ get; }} Activation Forward([Input(64)] Activation x) => x.Through(Head); }}";
        Assert.Equal(message, Assert.Single(await VerifyAsync(onClass)));
    }

    /// <summary>The default of a class gives a layer as many zeros as its shape allows; an attribute of its own is an error.</summary>
    [Theory]
    [InlineData(16, "0.5")]
    [InlineData(32, "0.75")]
    public async Task AClassThatAsksForMoreZerosThanThereAre(int outputs, string sparsity)
    {
        var messages = await VerifyAsync(
            $"[SparseModel, BlockSparse(RBGP4, Sparsity = 0.875)] public partial class Net {{ [{{|SPS0107:{{|SPS0076:Conv2d(16, {outputs}, "
                + "Padding = 1)|}|}] public partial Conv2d Body { get; } "
                + "Activation Forward([Input(16, 8, 8)] Activation x) => x.Through(Body); }");
        Assert.Contains(
            $"Layer 'Body' has a sparsity of {sparsity} in place of the 0.875 of its class: [Conv2d(16, {outputs})] has no RBGP4 mask with "
                + "more zeros",
            messages);
        var own = await VerifyAsync(
            $"[SparseModel] public partial class Net {{ [Conv2d(16, {outputs}, Padding = 1), BlockSparse(RBGP4, "
                + "Sparsity = {|SPS0072:0.875|})] public partial Conv2d Body { get; } "
                + "Activation Forward([Input(16, 8, 8)] Activation x) => x.Through(Body); }");
        Assert.Contains($"{sparsity}", Assert.Single(own), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePlanIsShown() => Assert.Equal(
        "The mask of layer 'Head' is 16x16/4 ⊗ K 4x1 ⊗ 16x16/2 ⊗ K 1x4, with 128 weights in a row and 384 bytes of positions; the second "
            + "singular values of its graphs "
        + "are 2 of 3.464 and 2.828 of 5.292 that a Ramanujan graph may have, and that of the mask is 0.5 of the largest",
        Assert.Single(await VerifyAsync(Layer("[Linear(1024, 1024), {|SPS0076:BlockSparse(RBGP4, Sparsity = 0.875)|}]", 1024))));

    [Theory]
    [InlineData("BlockSparse(RBGP4, Sparsity = {|SPS0070:0.8|})", "0.8; the nearest are 0.75 and 0.875")]
    [InlineData("BlockSparse(RBGP4, Sparsity = {|SPS0070:0.99|})", "0.99; the nearest are 0.96875 and 0.984375")]
    [InlineData("BlockSparse(RBGP4, Sparsity = {|SPS0070:-1|})", "-1; the nearest are 0.5 and 0.75")]
    [InlineData("{|SPS0070:BlockSparse(RBGP4)|}", "0; the nearest are 0.5 and 0.75")]
    public async Task ASparsityThatHalvingDoesNotGive(string attribute, string end)
    {
        var onClass = $"[SparseModel, {attribute}] public partial class Net {{ [Linear(128, 64)] public partial Linear Head {{ get; }} "
            + $"Activation Forward([Input(128)] Activation x) => x.Through(Head); }}";
        var message = $"RBGP4 halves the weights of a layer one to six times, so it has no sparsity of {end}";
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer($"[Linear(128, 64), {attribute}]"))));
        Assert.Equal(message, Assert.Single(await VerifyAsync(onClass)));
    }

    [Fact]
    public async Task OutputsThatAreNotAMultipleOf4()
    {
        Assert.Equal(
            "Layer 'Head' has 10 output features, but in an RBGP4 layer 4 rows share their columns; change it to 12, or remove "
                + "[BlockSparse] to keep the layer dense",
            Assert.Single(await VerifyAsync(Layer("[Linear(128, {|SPS0071:10|}), BlockSparse(RBGP4, Sparsity = 0.5)]"))));
        var messages = await VerifyAsync("""
            [SparseModel, {|SPS0071:BlockSparse(RBGP4, Sparsity = 0.75)|}]
            public partial class Net
            {
                [{|SPS0076:Linear(128, 1024)|}] public partial Linear Stem { get; }
                [Linear(1024, 10)] public partial Linear Head { get; }
                Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Head);
            }
            """);
        Assert.Equal(
            "Layer 'Head' has 10 output features, but in an RBGP4 layer 4 rows share their columns; change it to 12, or put [Dense] on "
                + "'Head' to keep the layer dense",
            messages[0]);
    }

    [Theory]
    [InlineData(
        "[Linear(576, 64), BlockSparse(RBGP4, Sparsity = {|SPS0072:0.9375|})]",
        576,
        "Layer 'Head', [Linear(576, 64)], has no RBGP4 mask of sparsity 0.9375: its graphs would have too few edges at a row or column; "
            + "use a sparsity of 0.5 or 0.75 or 0.875, or [Linear(576, 128)]")]
    [InlineData(
        "[Linear(784, {|SPS0072:300|}), BlockSparse(RBGP4, Sparsity = 0.75)]",
        784,
        "Layer 'Head', [Linear(784, 300)], has no RBGP4 mask of sparsity 0.75: 300 output features, in groups of 4, cannot be halved so "
            + "often; no sparsity works for this shape, but [Linear(784, 304)] does")]
    [InlineData(
        "[Linear({|SPS0072:27|}, 64), BlockSparse(RBGP4, Sparsity = 0.5)]",
        27,
        "Layer 'Head', [Linear(27, 64)], has no RBGP4 mask of sparsity 0.5: 27 input features cannot be halved so often; no sparsity works "
            + "for this shape, but [Linear(32, 64)] does")]
    [InlineData(
        "[Linear(100, 64), BlockSparse(RBGP4, Sparsity = {|SPS0072:0.875|})]",
        100,
        "Layer 'Head', [Linear(100, 64)], has no RBGP4 mask of sparsity 0.875: 100 input features cannot be halved so often; use a "
            + "sparsity of 0.5 or 0.75, or [Linear(128, 64)]")]
    public async Task AShapeWithoutAMask(string attributes, int inputs, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer(attributes, inputs))));

    [Fact]
    public async Task NoGraphIsGoodEnough() => Assert.StartsWith(
        "No graph for the mask of layer 'Head' is good enough: the closest, 128x512/64, has a second singular value of 3.742, which is not "
            + "within 3.646; none is a Ramanujan graph; "
        + "use a sparsity of 0.5 or 0.75 or 0.875 or 0.9375",
        Assert.Single(await VerifyAsync(Layer("[Linear(512, 512), BlockSparse(RBGP4, Sparsity = {|SPS0073:0.984375|})]", 512))));

    [Theory]
    [InlineData(
        "4, 8, 1, 4, 1, 4, 4, 1, 1, 2",
        "give 64 output features (4 x 4 x 4 x 1) and 64 input features (8 x 1 x 4 x 2), but the layer has 64 and 128")]
    [InlineData("4, 8, 1", "are 3 numbers, not 10")]
    [InlineData("4, 8, 1, 4, 1, 4, 4, 2, 1, 4", "halve the weights 3 times, but Sparsity needs 2")]
    public async Task FactorsThatAreNotThoseOfTheLayer(string factors, string what) => Assert.StartsWith(
        $"The Factors of layer 'Head' {what}; they are {{ Uo, Vo,",
        Assert.Single(await VerifyAsync(
            Layer($"[Linear(128, 64), BlockSparse(RBGP4, Sparsity = 0.75, Factors = {{|SPS0074:new[] {{ {factors} }}|}})]"))));

    [Fact]
    public async Task NarrowBlocks()
    {
        var messages = await VerifyAsync(Layer("[Linear({|SPS0075:784|}, 1024), {|SPS0076:BlockSparse(RBGP4, Sparsity = 0.875)|}]", 784));
        Assert.Equal(
            "The blocks of layer 'Head' have 2 columns instead of 4, which makes its products slower; pad its 784 input features to 800",
            messages[0]);
        await VerifyAsync(Layer("[Linear(800, 1024), {|SPS0076:BlockSparse(RBGP4, Sparsity = 0.875)|}]", 800));
        var square = await VerifyAsync(Layer("[Linear({|SPS0075:64|}, 64), {|SPS0076:BlockSparse(RBGP4, Sparsity = 0.875)|}]", 64));
        Assert.EndsWith("pad its 64 input features to 128", square[0], StringComparison.Ordinal);
        await VerifyAsync(Layer("[Linear(128, 64), {|SPS0076:BlockSparse(RBGP4, Sparsity = 0.875)|}]", 128));
    }

    [Theory]
    [InlineData(
        "[Linear(128, {|SPS0077:66|}), BlockSparse(Uniform, Sparsity = 0.5)]", 128,
        "66 output features, which blocks of 4 rows do not divide; change it to 64 or 68, or the blocks, or remove [BlockSparse]")]
    [InlineData(
        "[Linear({|SPS0077:130|}, 64), BlockSparse(Learned, Cols = 8)]", 130,
        "130 input features, which blocks of 8 columns do not divide; change it to 128 or 136, or the blocks, or remove [BlockSparse]")]
    [InlineData(
        "[Linear({|SPS0077:80|}, 64), BlockSparse(Hierarchical, Sparsity = 0.5)]", 80,
        "80 input features, which blocks of 32 columns do not divide; change it to 64 or 96, or the blocks, or remove [BlockSparse]")]
    public async Task BlocksThatDoNotDivide(string attributes, int inputs, string end) =>
        Assert.Equal($"Layer 'Head' has {end}", Assert.Single(await VerifyAsync(Layer(attributes, inputs))));

    [Theory]
    [InlineData("BlockSparse({|SPS0078:(BlockKind)9|})", "The kind of [BlockSparse] is 9; it is a member of BlockKind")]
    [InlineData("BlockSparse(RBGP4, Sparsity = 0.5, Base = {|SPS0078:(BaseGraph)4|})", "Base is 4; it is a member of BaseGraph")]
    [InlineData(
        "BlockSparse(Uniform, Sparsity = {|SPS0078:1.0|})",
        "Sparsity is 1; it is the share of weights that do not exist, greater than 0 and less than 1")]
    [InlineData(
        "{|SPS0078:BlockSparse(Uniform)|}", "Sparsity is 0; it is the share of weights that do not exist, greater than 0 and less than 1")]
    [InlineData(
        "BlockSparse(Hierarchical, Sparsity = {|SPS0078:double.NaN|})",
        "Sparsity is NaN; it is the share of weights that do not exist, greater than 0 and less than 1")]
    [InlineData("BlockSparse(Uniform, Sparsity = 0.5, Rows = {|SPS0078:0|})", "Rows is 0; it is the size of a block, at least 1")]
    [InlineData("BlockSparse(Learned, Cols = {|SPS0078:-4|})", "Cols is -4; it is the size of a block, at least 1")]
    [InlineData(
        "BlockSparse(Learned, Sparsity = {|SPS0078:0|})",
        "Sparsity is 0; it is the share of weights that do not exist, greater than 0 and less than 1")]
    [InlineData(
        "BlockSparse(Learned, Sparsity = 0.5, PruneSteps = {|SPS0078:0|})",
        "PruneSteps is 0; it is a number of optimizer steps, at least 1")]
    [InlineData(
        "BlockSparse(Learned, Penalty = {|SPS0078:-1|})", "Penalty is -1; it is a finite number that is not negative, usually near 0.001")]
    [InlineData(
        "BlockSparse(Hierarchical, Sparsity = 0.5, OuterRows = {|SPS0078:30|})",
        "OuterRows is 30; large blocks consist of small ones, so it is a multiple of Rows, 4")]
    [InlineData(
        "BlockSparse(Hierarchical, Sparsity = 0.5, PruneEvery = {|SPS0078:0|})",
        "PruneEvery is 0; it is a number of optimizer steps, at least 1")]
    public async Task OptionsOutOfRange(string attribute, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer($"[Linear(128, 64), {attribute}]"))));

    [Theory]
    [InlineData("BlockSparse(Uniform, Sparsity = 0.5, Seed = {|SPS0079:1|})", "Seed has no effect with Uniform; remove it, or use RBGP4")]
    [InlineData("BlockSparse(Learned, Seed = {|SPS0079:1|})", "Seed has no effect with Learned; remove it, or use RBGP4")]
    [InlineData(
        "BlockSparse(Uniform, Sparsity = 0.5, PruneSteps = {|SPS0079:9|})",
        "PruneSteps has no effect with Uniform; remove it, or use Hierarchical or Learned")]
    [InlineData(
        "BlockSparse(Uniform, Sparsity = 0.5, Factors = {|SPS0079:new[] { 1 }|})",
        "Factors has no effect with Uniform; remove it, or use RBGP4")]
    public async Task OptionsOfAnotherKind(string attribute, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer($"[Linear(128, 64), {attribute}]"))));

    [Theory]
    [InlineData("Balanced = {|SPS0058:false|}", "Balanced")]
    [InlineData("Penalty = 0.01, PruneFrom = {|SPS0058:9|}", "PruneFrom")]
    [InlineData("PruneSteps = {|SPS0058:9|}", "PruneSteps")]
    [InlineData("PruneEvery = {|SPS0058:9|}", "PruneEvery")]
    public async Task ScheduleOfLearnedBlocksWithoutASparsity(string setting, string name) => Assert.Equal(
        $"{name} says how blocks are dropped until a sparsity is reached, but there is none: the penalty alone decides; set Sparsity, or "
            + $"remove {name}",
        Assert.Single(await VerifyAsync(Layer($"[Linear(128, 64), BlockSparse(Learned, {setting})]"))));

    [Fact]
    public async Task LearnedBlocksThatNothingDrops() => Assert.Equal(
        "A Penalty of 0 never drops a block; set Sparsity to say how many are dropped, or a Penalty such as 0.001",
        Assert.Single(await VerifyAsync(Layer("[Linear(128, 64), BlockSparse(Learned, Penalty = {|SPS0069:0|})]"))));

    [Theory]
    [InlineData(
        "[Linear(128, 64), NMSparse(2, 4), {|SPS0040:BlockSparse(Uniform, Sparsity = 0.5)|}]",
        "[BlockSparse] contradicts [NMSparse] on the same layer 'Head', because each decides alone which weights exist; keep one of them")]
    [InlineData(
        "[Linear(128, 64), Dense, {|SPS0040:BlockSparse(Uniform, Sparsity = 0.5)|}]",
        "[BlockSparse] contradicts [Dense] on the same layer 'Head'; keep one of them")]
    public async Task OneStructureOfZeros(string attributes, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer(attributes))));

    [Theory]
    [InlineData("RBGP4, Factors = [16, 32, 2, 4, 1, 1, 1, 0, 1, 4]", "RBGP4")]
    [InlineData("Uniform, Sparsity = 0.5", "Uniform")]
    [InlineData("Hierarchical, Sparsity = 0.75", "Hierarchical")]
    [InlineData("Learned", "Learned")]
    public async Task BlocksHaveNoMaskedWeightsToAnneal(string arguments, string kind)
    {
        var blocks = kind == "RBGP4" ? $"{{|SPS0076:BlockSparse({arguments})|}}" : $"BlockSparse({arguments})";
        var messages = await VerifyAsync(Layer($"[Linear(128, 64), {blocks}, {{|SPS0065:GradientAnneal|}}]"));
        Assert.Equal(
            $"[GradientAnneal] anneals the gradient of masked weights, but layer 'Head' has none: under [BlockSparse({kind})] only kept "
                + "weights exist; remove [GradientAnneal] or choose another sparsity",
            messages[^1]);
    }

    [Fact]
    public async Task ADefaultThatAnnealsBlocksIsReportedOnTheClass() => Assert.Equal(
        "[GradientAnneal] anneals the gradient of masked weights, but layer 'Head' has none: under [BlockSparse(Uniform)] only kept "
            + "weights exist; "
        + "put [GradientAnneal] on the layers that need it instead of the class",
        Assert.Single(await VerifyAsync("""
            [SparseModel, {|SPS0065:GradientAnneal|}]
            public partial class Net
            {
                [Linear(128, 64), BlockSparse(Uniform, Sparsity = 0.5)] public partial Linear Head { get; }
                Activation Forward([Input(128)] Activation x) => x.Through(Head);
            }
            """)));

    [Fact]
    public async Task GradientsWhereOnlyKeptWeightsLearn() => Assert.Equal(
        "[NMGradients] has no effect on layer 'Head': under [BlockSparse(Uniform)] the gradient is computed at kept weights only, which is "
            + "cheaper; leave [NMGradients] out, or choose a policy under which all weights learn",
        Assert.Single(await VerifyAsync(Layer("[Linear(128, 64), BlockSparse(Uniform, Sparsity = 0.5), {|SPS0054:NMGradients(2, 4)|}]"))));

    [Fact]
    public Task ALayerCanOptOutOfADefaultOrReplaceIt() => VerifyAsync("""
        [SparseModel, BlockSparse(RBGP4, Sparsity = 0.75)]
        public partial class Net
        {
            [{|SPS0076:Linear(128, 1024)|}] public partial Linear Stem { get; }
            [Linear(1024, 64), NMSparse(2, 4)] public partial Linear Mixer { get; }
            [Linear(64, 10), Dense] public partial Linear Head { get; }
            Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Mixer).Through(Head);
        }
        """);

    private static string Layer(string attributes, int inputs = 128) => $$"""
        [SparseModel]
        public partial class Net
        {
            {{attributes}} public partial Linear Head { get; }
            Activation Forward([Input({{inputs}})] Activation x) => x.Through(Head);
        }
        """;
}
