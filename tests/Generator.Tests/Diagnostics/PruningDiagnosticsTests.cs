using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0054 to 0058: pruned gradients and activations, and what they share with sparse weights.</summary>
public sealed class PruningDiagnosticsTests
{
    [Theory]
    [InlineData("[Linear(128, 64), NMGradients(2, 4)]")]
    [InlineData("[Linear(127, 63), NMGradients(1, 32)]")]
    [InlineData("[Linear(128, 64), Dense, NMGradients(1, 2)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Transposable = true), NMGradients(3, 7)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough), NMGradients(1, 2)]")]
    [InlineData("[Linear(128, 64), NMActivations(2, 4)]")]
    [InlineData("[Linear(128, 64), NMActivations(1, 32, StraightThrough = true), NMGradients(2, 4)]")]
    [InlineData("[Linear(127, 64), NMActivations(2, 4, Along = PruneAlong.Batch)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.Static), NMActivations(2, 4)]")]
    public Task ALayerThatIsRight(string attributes) => VerifyAsync(Layer(attributes));

    [Theory]
    [InlineData("NMGradients({|SPS0042:0|}, 4)")]
    [InlineData("NMGradients({|SPS0042:4|}, 4)")]
    [InlineData("NMGradients(2, {|SPS0042:64|})")]
    [InlineData("NMGradients(group: {|SPS0042:33|}, keep: 1)")]
    [InlineData("NMActivations({|SPS0042:0|}, 4)")]
    [InlineData("NMActivations(2, {|SPS0042:64|}, Along = PruneAlong.Batch)")]
    public Task APatternOutOfRange(string attribute)
    {
        var onClass = $"[SparseModel, {attribute}] public partial class Net {{ [Linear(128, 64)] public partial Linear Head {{ get; }} "
            + $"Activation Forward([Input(128)] Activation x) => x.Through(Head); }}";
        return Task.WhenAll(VerifyAsync(Layer($"[Linear(128, 64), {attribute}]")), VerifyAsync(onClass));
    }

    [Fact]
    public async Task AnAttributeWithoutALayer()
    {
        var messages = await VerifyAsync("""
            [SparseModel] public partial class Net
            {
                [{|SPS0041:NMGradients(2, 4)|}] public int Other { get; set; }
                [Linear(128, 64)] public partial Linear Head { get; }
                Activation Forward([Input(128)] Activation x) => x.Through(Head);
            }
            public partial class NoModel { [{|SPS0010:NMGradients(2, 4)|}] public int Other { get; set; } }
            """);
        Assert.StartsWith("[NMGradients] has no effect on 'Other', which has no layer attribute", messages[0]);
    }

    [Theory]
    [InlineData("MaskPolicy.Static")]
    [InlineData("MaskPolicy.Regrow")]
    public async Task GradientsWhereOnlyKeptWeightsLearn(string policy)
    {
        var message = Assert.Single(
            await VerifyAsync(Layer($"[Linear(128, 64), NMSparse(2, 4, Policy = {policy}), {{|SPS0054:NMGradients(2, 4)|}}]")));
        Assert.StartsWith($"[NMGradients] has no effect on layer 'Head': under {policy} the gradient", message);
    }

    [Fact]
    public async Task ADefaultThatMeetsAStaticMaskIsReportedOnTheClass()
    {
        var messages = await VerifyAsync("""
            [SparseModel, {|SPS0054:NMGradients(2, 4)|}]
            public partial class Net
            {
                [Linear(128, 64)] public partial Linear Stem { get; }
                [Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.Static)] public partial Linear Mixer { get; }
                [Linear(64, 64), Dense] public partial Linear Head { get; }
                Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Mixer).Through(Head);
            }
            """);
        Assert.Contains("on layer 'Mixer'", Assert.Single(messages));
    }

    [Theory]
    [InlineData("[Linear({|SPS0043:127|}, 64), NMActivations(2, 4)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4, Policy = MaskPolicy.Static), {|SPS0054:NMActivations(2, 4, Along = PruneAlong.Batch)|}]")]
    [InlineData("[Linear(128, 64), NMGradients(1, 2), {|SPS0055:NMActivations(2, 4, Along = PruneAlong.Batch)|}]")]
    [InlineData("[Linear(128, 64), {|SPS0055:NMActivations(2, 4, Along = PruneAlong.Batch)|}, NMGradients(1, 2)]")]
    [InlineData("[Linear(128, 64), NMActivations(2, 4, Along = {|SPS0056:(PruneAlong)7|})]")]
    [InlineData("[Linear(128, 64), NMActivations(2, 4, Along = PruneAlong.Batch, StraightThrough = {|SPS0057:true|})]")]
    public Task ActivationsThatCannotBePruned(string attributes) => VerifyAsync(Layer(attributes));

    [Fact]
    public async Task ActivationsByDefault()
    {
        var messages = await VerifyAsync("""
            [SparseModel, {|SPS0043:NMActivations(2, 4)|}]
            public partial class Net
            {
                [Linear(128, 66)] public partial Linear Stem { get; }
                [Linear(66, 66), Dense] public partial Linear Mixer { get; }
                [Linear(66, 64), NMActivations(2, 6)] public partial Linear Other { get; }
                [Linear(66, 64)] public partial Linear Head { get; }
                Activation Forward([Input(128)] Activation x)
                {
                    var h = x.Through(Stem).Through(Mixer);
                    return h.Through(Other) + h.Through(Head);
                }
            }
            """);
        Assert.Equal(
            "Layer 'Head' has 66 input features, which groups of 4 do not divide; change it to 64 or 68 or put [Dense] on 'Head'",
            Assert.Single(messages));
    }

    private static string Layer(string attributes) =>
        $"[SparseModel] public partial class Net {{ {attributes} public partial Linear Head {{ get; }} Activation Forward([Input({(attributes.Contains("127", StringComparison.Ordinal) ? 127 : 128)})] Activation x) => x.Through(Head); }}";
}
