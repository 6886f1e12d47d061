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
    public Task ALayerThatIsRight(string attributes) => VerifyAsync(Layer(attributes));

    [Theory]
    [InlineData("NMGradients({|SPS0042:0|}, 4)")]
    [InlineData("NMGradients({|SPS0042:4|}, 4)")]
    [InlineData("NMGradients(2, {|SPS0042:64|})")]
    [InlineData("NMGradients(group: {|SPS0042:33|}, keep: 1)")]
    public Task APatternOutOfRange(string attribute)
    {
        var onClass = $"[SparseModel, {attribute}] public partial class Net {{ [Linear(128, 64)] public partial Linear Head {{ get; }} Activation Forward([Input(128)] Activation x) => x.Through(Head); }}";
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
        var message = Assert.Single(await VerifyAsync(Layer($"[Linear(128, 64), NMSparse(2, 4, Policy = {policy}), {{|SPS0054:NMGradients(2, 4)|}}]")));
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

    private static string Layer(string attributes) =>
        $"[SparseModel] public partial class Net {{ {attributes} public partial Linear Head {{ get; }} Activation Forward([Input({(attributes.Contains("127", StringComparison.Ordinal) ? 127 : 128)})] Activation x) => x.Through(Head); }}";
}
