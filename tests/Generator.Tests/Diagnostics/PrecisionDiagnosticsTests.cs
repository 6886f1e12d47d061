using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0080 and SPS0081: the precision of operands.</summary>
public sealed class PrecisionDiagnosticsTests
{
    [Theory]
    [InlineData("[Linear(128, 64), Bfloat16]")]
    [InlineData("[Linear(128, 64), Bfloat16(Bfloat16Use.Weights)]")]
    [InlineData("[Linear(128, 64), Bfloat16(use: Bfloat16Use.WeightsAndActivations)]")]
    [InlineData("[Linear(128, 64), Dense, Bfloat16]")]
    [InlineData("[Linear(128, 64), Bfloat16, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]")]
    [InlineData("[Linear(128, 64), NMSparse(2, 4), GradientAnneal, Bfloat16]")]
    [InlineData("[Linear(128, 64), GradientAnneal(TopK = 0.2), Bfloat16]")]
    [InlineData("[Linear(128, 64), BlockSparse(Uniform, Sparsity = 0.75), Bfloat16]")]
    [InlineData("[Linear(128, 64), NMGradients(2, 4), Bfloat16]")]
    [InlineData("[Linear(128, 64), NMActivations(2, 4), Bfloat16]")]
    public Task ALayerThatIsRight(string attributes) => VerifyAsync(Layer(attributes));

    [Fact]
    public Task ADefaultAndALayerThatOptsOut() => VerifyAsync("""
        [SparseModel, Bfloat16]
        public partial class Net
        {
            [Linear(128, 64)] public partial Linear Stem { get; }
            [Linear(64, 64), Bfloat16(Bfloat16Use.Weights)] public partial Linear Mixer { get; }
            [Linear(64, 8), Bfloat16(Bfloat16Use.None)] public partial Linear Head { get; }
            Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Mixer).Through(Head);
        }
        """);

    [Fact]
    public async Task AValueThatIsNoUse()
    {
        var messages = await VerifyAsync(Layer("[Linear(128, 64), Bfloat16({|SPS0080:(Bfloat16Use)7|})]"));
        Assert.StartsWith("7 is not a use of bfloat16", Assert.Single(messages));
        await VerifyAsync(Layer("[Linear(128, 64), Bfloat16(use: {|SPS0080:(Bfloat16Use)(-1)|})]"));
    }

    [Fact]
    public async Task OptingOutOfNothing()
    {
        var messages = await VerifyAsync("""
            [SparseModel, {|SPS0081:Bfloat16(Bfloat16Use.None)|}]
            public partial class Net
            {
                [Linear(128, 64), {|SPS0081:Bfloat16(Bfloat16Use.None)|}] public partial Linear Stem { get; }
                [Linear(64, 8)] public partial Linear Head { get; }
                Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Head);
            }
            """);
        Assert.Contains(messages, message => message.StartsWith("Bfloat16Use.None has no effect on 'Net'", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.StartsWith("Bfloat16Use.None has no effect on 'Stem'", StringComparison.Ordinal));
    }

    [Fact]
    public Task AnAttributeWithoutALayer() => VerifyAsync("""
        [SparseModel] public partial class Net
        {
            [{|SPS0041:Bfloat16|}] public int Other { get; set; }
            [Linear(128, 64)] public partial Linear Head { get; }
            Activation Forward([Input(128)] Activation x) => x.Through(Head);
        }
        public partial class NoModel { [{|SPS0010:Bfloat16|}] public int Other { get; set; } }
        """);

    private static string Layer(string attributes) =>
        $"[SparseModel] public partial class Net {{ {attributes} public partial Linear Head {{ get; }} Activation Forward([Input(128)] "
            + $"Activation x) => x.Through(Head); }}";
}
