using SparseSharp.Generator.Tests.Testing;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0014, SPS0015, and where it is said what a variant has wrong with the source of its model.</summary>
public sealed class VariantDiagnosticsTests
{
    private const string Net = """
        [SparseModel] public partial class Net
        {
            [Linear(80, 36)] public partial Linear Stem { get; }
            public partial Part Middle { get; }
            [Linear(36, 10), Dense] public partial Linear Head { get; }
            Activation Forward([Input(80)] Activation x) => x.Through(Stem).Through(Middle).Through(Head);
        }
        [SparseModel] public partial class Part
        {
            [Linear(36, 36)] public partial Linear Inner { get; }
            Activation Forward([Input(36)] Activation x) => x.Through(Inner).Relu();
        }

        """;

    [Theory]
    [InlineData("[SparseModel(VariantOf = typeof(Net))] partial class Variant;")]
    [InlineData("[SparseModel(VariantOf = typeof(Net)), NMSparse(2, 4)] public sealed partial class Variant { }")]
    [InlineData("[SparseModel(VariantOf = typeof(Net)), Dense] public partial class Variant;")]
    [InlineData(
        "[SparseModel(VariantOf = typeof(Net))] public partial class Variant { [NMSparse(2, 4)] public partial Linear Stem { get; } }")]
    [InlineData("[SparseModel(VariantOf = typeof(Net))] public partial class Variant { [Linear(80, 36), NMSparse(2, 4)] public partial "
        + "Linear Stem { get; } }")]
    [InlineData("[SparseModel(VariantOf = typeof(Net))] public partial class Variant { public partial Other Middle { get; } public int "
        + "Count => 1; }")]
    [InlineData("partial class Outer { [SparseModel(VariantOf = typeof(Net))] private partial class Variant; }")]
    public Task AVariantThatIsRight(string variant) => VerifyAsync(
        Net + variant + " [SparseModel(VariantOf = typeof(Part)), NMSparse(2, 4)] public partial class Other { public partial Linear Inner "
            + "{ get; } }");

    [Theory]
    [InlineData(
        "[SparseModel(VariantOf = {|SPS0014:typeof(Variant)|})] partial class Variant;",
        "'Variant' is the class itself; name the model that has the layers")]
    [InlineData(
        "[SparseModel(VariantOf = {|SPS0014:typeof(string)|})] partial class Variant;",
        "'String' is in another project; its source, which is read here, must be in this one")]
    [InlineData(
        "[SparseModel(VariantOf = {|SPS0014:typeof(Plain)|})] partial class Variant; class Plain;",
        "'Plain' is no model; put [SparseModel] on it")]
    [InlineData(
        "[SparseModel(VariantOf = {|SPS0014:typeof(Second)|})] partial class Variant; [SparseModel(VariantOf = typeof(Net))] partial class "
            + "Second;",
        "'Second' is a variant itself; name 'Net', which has the layers")]
    [InlineData(
        "[SparseModel(VariantOf = {|SPS0014:typeof(Net[])|})] partial class Variant;",
        "'typeof(Net[])' is no class; name a model with typeof(…)")]
    [InlineData("[SparseModel(VariantOf = {|SPS0014:null|})] partial class Variant;", "'null' is no class; name a model with typeof(…)")]
    [InlineData(
        "[SparseModel(VariantOf = {|SPS0014:typeof(Broken)|})] partial class Variant; [SparseModel] partial class {|SPS0020:Broken|};",
        "'Broken' has errors of its own")]
    public async Task AClassThatHasNoVariants(string variant, string fault)
    {
        var messages = await VerifyAsync(Net + variant);
        Assert.Contains($"Variant 'Variant' has no layers, because {fault}", messages);
    }

    [Theory]
    [InlineData("[Linear(80, 36)] public partial Linear {|SPS0015:Extra|} { get; }")]
    [InlineData("public partial Part {|SPS0015:Extra|} { get; }")]
    [InlineData("Activation {|SPS0015:Forward|}([Input(80)] Activation x) => x.Through(Head);")]
    [InlineData("public int {|SPS0013:Head|} => 1;")]
    [InlineData("public void {|SPS0013:Stem|}() { }")]
    public Task WhatTheModelDecides(string member) =>
        VerifyAsync($"{Net} [SparseModel(VariantOf = typeof(Net))] public partial class Variant {{ {member} }}");

    /// <summary>The C# compiler says that there is no such type.</summary>
    [Fact]
    public Task AnUnknownTypeIsLeftToTheCompiler() => VerifyAsync("[SparseModel(VariantOf = typeof(Missing))] partial class Variant;");

    [Fact]
    public async Task WhatDoesNotFitIsSaidAtTheAttributeOfTheVariant()
    {
        var messages = await VerifyAsync(
            Net + "[SparseModel(VariantOf = typeof(Net)), {|SPS0044:NMSparse(2, 16, Transposable = true)|}] public partial class Variant;");
        Assert.Contains("'Stem'", Assert.Single(messages));
    }

    /// <summary>The place would be the layer of the model, which is right as it is.</summary>
    [Fact]
    public async Task WhatIsSaidOfALayerOfTheModelIsSaidAtTheNameOfTheVariant()
    {
        var messages = await VerifyAsync(
            """
            [SparseModel] public partial class Net { [Linear(16, 8)] public partial Linear Head { get; } Activation Forward([Input(16)] Activation x) => x.Through(Head); }
            [SparseModel(VariantOf = typeof(Net)), NMSparse(2, 4)] public partial class {|SPS0045:Variant|};
            """);
        Assert.Contains("'Head'", Assert.Single(messages));
    }

    /// <summary>The unused layer is said of the model, and once.</summary>
    [Fact]
    public Task WhatIsSaidOfTheModelIsNotSaidAgain() => VerifyAsync(
        """
        [SparseModel] public partial class Net
        {
            [Linear(64, 64)] public partial Linear Stem { get; }
            [Linear(64, 64)] public partial Linear {|SPS0009:Unused|} { get; }
            Activation Forward([Input(64)] Activation x) => x.Through(Stem);
        }
        [SparseModel(VariantOf = typeof(Net)), NMSparse(2, 4)] public partial class Variant;
        """);

    [Fact]
    public Task AnAttributeThatIsWrongIsMarkedOnTheVariant() => VerifyAsync(
        Net + "[SparseModel(VariantOf = typeof(Net)), NMSparse({|SPS0042:5|}, 4)] public partial class Variant;");

    [Fact]
    public Task ASubstitutePartMustFit() => VerifyAsync(
        $$"""
        {{Net}}
        [SparseModel] public partial class Wide
        {
            [Linear(36, 40)] public partial Linear Inner { get; }
            Activation Forward([Input(36)] Activation x) => x.Through(Inner);
        }
        [SparseModel(VariantOf = typeof(Net))] public partial class {|SPS0026:Variant|} { public partial Wide Middle { get; } }
        """);

    [Fact]
    public Task DenseSaysNothingOfAClassThatIsNoVariant() => VerifyAsync(
        "[SparseModel, {|SPS0010:Dense|}] public partial class Net { [Linear(8, 4)] public partial Linear Head { get; } Activation "
            + "Forward([Input(8)] Activation x) => x.Through(Head); }");
}
