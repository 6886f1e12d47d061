using System.Reflection;
using SparseSharp.Generator.Tests.Emitting;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Modifiers;

/// <summary>The attributes of one kind of blocks each, beside the short form <c>[BlockSparse(kind)]</c>.</summary>
public sealed class BlockAttributeTests
{
    [Theory]
    [InlineData(
        "Rbgp4Blocks(Sparsity = 0.75, Seed = 3, Base = BaseGraph.Shift)",
        "BlockSparse(RBGP4, Sparsity = 0.75, Seed = 3, Base = BaseGraph.Shift)")]
    [InlineData(
        "Rbgp4Blocks(Factors = [16, 32, 2, 4, 1, 1, 1, 0, 1, 4])", "BlockSparse(RBGP4, Factors = [16, 32, 2, 4, 1, 1, 1, 0, 1, 4])")]
    [InlineData("UniformBlocks(Sparsity = 0.75)", "BlockSparse(Uniform, Sparsity = 0.75)")]
    [InlineData(
        "UniformBlocks(Rows = 8, Cols = 1, Sparsity = 0.75, Balanced = false)",
        "BlockSparse(Uniform, Rows = 8, Cols = 1, Sparsity = 0.75, Balanced = false)")]
    [InlineData("HierarchicalBlocks(Sparsity = 0.75)", "BlockSparse(Hierarchical, Sparsity = 0.75)")]
    [InlineData(
        "HierarchicalBlocks(Rows = 2, Cols = 2, OuterRows = 16, OuterCols = 8, Sparsity = 0.75, Additive = true, PruneFrom = 9, PruneSteps "
            + "= 100, PruneEvery = 5)",
        "BlockSparse(Hierarchical, Rows = 2, Cols = 2, OuterRows = 16, OuterCols = 8, Sparsity = 0.75, Additive = true, PruneFrom = 9, "
            + "PruneSteps = 100, PruneEvery = 5)")]
    [InlineData("LearnedBlocks", "BlockSparse(Learned)")]
    [InlineData("LearnedBlocks(Rows = 16, Cols = 32, Penalty = 0.01)", "BlockSparse(Learned, Rows = 16, Cols = 32, Penalty = 0.01)")]
    [InlineData("LearnedBlocks(Sparsity = 0.75)", "BlockSparse(Learned, Sparsity = 0.75)")]
    [InlineData(
        "LearnedBlocks(Sparsity = 0.75, Penalty = 0.01, Balanced = true, PruneFrom = 9, PruneSteps = 100, PruneEvery = 5)",
        "BlockSparse(Learned, Sparsity = 0.75, Penalty = 0.01, Balanced = true, PruneFrom = 9, PruneSteps = 100, PruneEvery = 5)")]
    public void EmitsTheSameAsTheShortForm(string attribute, string shortForm)
    {
        Assert.Equal(Emit($"[Linear(128, 64), {shortForm}]"), Emit($"[Linear(128, 64), {attribute}]"));
        Assert.Equal(Emit("[Linear(128, 64)]", shortForm), Emit("[Linear(128, 64)]", attribute));

        static string Emit(string layer, string ofClass = "Dense") =>
            new Emitted(Model(layer, ofClass == "Dense" ? "SparseModel" : $"SparseModel, {ofClass}"))["Net"];
    }

    /// <summary>
    /// Learned blocks compete in the whole layer unless something else is said, which one default for all kinds cannot say.
    /// </summary>
    [Theory]
    [InlineData(typeof(Rbgp4BlocksAttribute))]
    [InlineData(typeof(UniformBlocksAttribute))]
    [InlineData(typeof(HierarchicalBlocksAttribute))]
    [InlineData(typeof(LearnedBlocksAttribute), nameof(LearnedBlocksAttribute.Balanced))]
    public void HasTheDefaultsOfTheShortForm(Type attribute, string? except = null)
    {
        var (own, all) = (Activator.CreateInstance(attribute), new BlockSparseAttribute(BlockKind.RBGP4));
        var properties = attribute.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.Name != except);
        Assert.All(
            properties,
            property => Assert.Equal(typeof(BlockSparseAttribute).GetProperty(property.Name)!.GetValue(all), property.GetValue(own)));
    }

    [Theory]
    [InlineData(
        "Rbgp4Blocks(Sparsity = {|SPS0070:0.8|})",
        "RBGP4 halves the weights of a layer one to six times, so it has no sparsity of 0.8; the nearest are 0.75 and 0.875")]
    [InlineData(
        "{|SPS0070:Rbgp4Blocks|}",
        "RBGP4 halves the weights of a layer one to six times, so it has no sparsity of 0; the nearest are 0.5 and 0.75")]
    [InlineData("Rbgp4Blocks(Sparsity = 0.5, Base = {|SPS0078:(BaseGraph)4|})", "Base is 4; it is a member of BaseGraph")]
    [InlineData("{|SPS0078:UniformBlocks|}", "Sparsity is 0; it is the share of weights that do not exist, greater than 0 and less than 1")]
    [InlineData("UniformBlocks(Sparsity = 0.5, Rows = {|SPS0078:0|})", "Rows is 0; it is the size of a block, at least 1")]
    [InlineData(
        "UniformBlocks(Rows = 16, Cols = 32, Sparsity = {|SPS0085:0.9|})",
        "Layer 'Head' gets a sparsity of 0.75, not 0.9: only whole blocks are dropped; set Sparsity to 0.5 or 0.75, or take smaller "
            + "blocks")]
    [InlineData(
        "HierarchicalBlocks(Sparsity = 0.5, OuterRows = {|SPS0078:30|})",
        "OuterRows is 30; large blocks consist of small ones, so it is a multiple of Rows, 4")]
    [InlineData(
        "LearnedBlocks(Balanced = {|SPS0058:true|})",
        "Balanced says how blocks are dropped until a sparsity is reached, but there is none: the penalty alone decides; set Sparsity, or "
            + "remove Balanced")]
    [InlineData(
        "LearnedBlocks(Penalty = {|SPS0069:0|})",
        "A Penalty of 0 never drops a block; set Sparsity to say how many are dropped, or a Penalty such as 0.001")]
    [InlineData(
        "UniformBlocks(Sparsity = 0.5), {|SPS0040:LearnedBlocks|}",
        "[LearnedBlocks] contradicts [UniformBlocks] on the same layer 'Head', because each decides alone which weights exist; keep one of "
            + "them")]
    [InlineData(
        "BlockSparse(Uniform, Sparsity = 0.5), {|SPS0040:UniformBlocks(Sparsity = 0.5)|}",
        "[UniformBlocks] contradicts [BlockSparse] on the same layer 'Head', because each decides alone which weights exist; keep one of "
            + "them")]
    [InlineData("Dense, {|SPS0040:LearnedBlocks|}", "[LearnedBlocks] contradicts [Dense] on the same layer 'Head'; keep one of them")]
    [InlineData(
        "UniformBlocks(Sparsity = 0.5), {|SPS0065:GradientAnneal|}",
        "[GradientAnneal] anneals the gradient of masked weights, but layer 'Head' has none: under [UniformBlocks] only kept weights "
            + "exist; remove [GradientAnneal] or choose another sparsity")]
    [InlineData(
        "LearnedBlocks, {|SPS0054:NMGradients(2, 4)|}",
        "[NMGradients] has no effect on layer 'Head': under [LearnedBlocks] the gradient is computed at kept weights only, which is "
            + "cheaper; leave [NMGradients] out, or choose a policy under which all weights learn")]
    public async Task IsCheckedAsTheShortForm(string attribute, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Model($"[Linear(128, 64), {attribute}]"))));

    [Theory]
    [InlineData(
        "[Linear(128, {|SPS0077:66|}), UniformBlocks(Sparsity = 0.5)]",
        "Layer 'Head' has 66 output features, which blocks of 4 rows do not divide; change it to 64 or 68, or the blocks, or remove "
            + "[UniformBlocks]")]
    [InlineData(
        "[Linear(128, {|SPS0071:10|}), Rbgp4Blocks(Sparsity = 0.5)]",
        "Layer 'Head' has 10 output features, but in an RBGP4 layer 4 rows share their columns; change it to 12, or remove [Rbgp4Blocks] "
            + "to keep the layer dense")]
    public async Task ShapesAreCheckedAsUnderTheShortForm(string layer, string message) => Assert.Equal(
        message, Assert.Single(await VerifyAsync(Model(layer))));

    /// <summary>A layer has its own kind in place of that of the class; an attribute on a property that is no layer is reported.</summary>
    [Fact]
    public Task TheLayerWinsOverTheClass() => VerifyAsync("""
        [SparseModel, Rbgp4Blocks(Sparsity = 0.75)]
        public partial class Net
        {
            [{|SPS0076:Linear(128, 1024)|}] public partial Linear Stem { get; }
            [Linear(1024, 66), NMSparse(2, 4)] public partial Linear Mixer { get; }
            [Linear(66, 10), Dense] public partial Linear Head { get; }
            [{|SPS0041:UniformBlocks(Sparsity = 0.5)|}] public int Other => 1;
            Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Mixer).Through(Head);
        }
        """);

    private static string Model(string layer, string attributes = "SparseModel") => $$"""
        [{{attributes}}]
        public partial class Net
        {
            {{layer}} public partial Linear Head { get; }
            Activation Forward([Input(128)] Activation x) => x.Through(Head);
        }
        """;
}
