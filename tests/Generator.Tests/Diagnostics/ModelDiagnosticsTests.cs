using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.Generator.Tests.Testing;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0001 to 0013: the class and its members.</summary>
public sealed class ModelDiagnosticsTests
{
    private const string Members =
        "[Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head);";

    [Theory]
    [InlineData("[SparseModel] public partial class Net { MEMBERS }")]
    [InlineData("[SparseModel] internal sealed partial class Net { MEMBERS }")]
    [InlineData("namespace A.B; [SparseModel] partial class Net { MEMBERS }")]
    [InlineData("public partial class Outer { [SparseModel] private partial class Net { MEMBERS } }")]
    [InlineData(
        "public static partial class Outer { public partial record struct Inner { [SparseModel] public partial class Net { MEMBERS } } }")]
    [InlineData("[SparseModel] public partial class Net : IDisposable { MEMBERS } partial class Net { public void Dispose() { } }")]
    [InlineData("abstract class Outer<T> { } [SparseModel] partial class Net { MEMBERS }")]
    public Task AModelThatIsRight(string source) => VerifyAsync(source.Replace("MEMBERS", Members));

    [Theory]
    [InlineData("[SparseModel] public class {|SPS0001:Net|} { MEMBERS }")]
    [InlineData("[SparseModel] public class {|SPS0002:Net|}<T> { MEMBERS }", "partial ")]
    [InlineData("[SparseModel] public partial class Net{|SPS0002:<T>|} { MEMBERS }")]
    [InlineData("public partial class Outer<T> { [SparseModel] public partial class {|SPS0002:Net|} { MEMBERS } }")]
    [InlineData("[SparseModel] public {|SPS0003:abstract|} partial class Net { MEMBERS }")]
    [InlineData("[SparseModel] {|SPS0003:file|} partial class Net { MEMBERS }")]
    [InlineData("[SparseModel] public partial {|SPS0003:record|} Net { MEMBERS }")]
    [InlineData("[SparseModel] public {|SPS0003:static|} partial class Net { }", "{|SPS0020:Net|}")]
    [InlineData("public class {|SPS0004:Outer|} { [SparseModel] public partial class Net { MEMBERS } }")]
    [InlineData("public class {|SPS0004:A|} { public partial class B { [SparseModel] public partial class Net { MEMBERS } } }")]
    [InlineData("file partial class {|SPS0003:A|} { [SparseModel] public partial class Net { MEMBERS } }")]
    public Task AClassThatCannotBeAModel(string source, string? variant = null)
    {
        source = variant switch
        {
            null => source,
            "partial " => source.Replace("public class {|SPS0002:Net|}<T>", "public partial class Net{|SPS0002:<T>|}"),
            _ => source.Replace("class Net", $"class {variant}"),
        };
        return VerifyAsync(source.Replace("MEMBERS", Members));
    }

    [Fact]
    public async Task MessagesNameTheClassAndTheFix()
    {
        var messages = await VerifyAsync($"[SparseModel] public class {{|SPS0001:Net|}} {{ {Members} }}");
        Assert.Equal(
            "Model 'Net' is not partial, so nothing can be generated into it; add 'partial' to the class", Assert.Single(messages));
    }

    [Theory]
    [InlineData("public Linear {|SPS0005:Head|} { get; }")]
    [InlineData("public Linear {|SPS0005:Head|} { get; set; }")]
    [InlineData("public partial Linear Head { get; {|SPS0006:set;|} }")]
    [InlineData("public partial Linear Head { get; {|SPS0006:private init;|} }")]
    [InlineData("public partial Linear Head { {|SPS0006:get => null!;|} }")]
    [InlineData("public partial Linear Head {|SPS0006:=> null!|};")]
    [InlineData("public {|SPS0006:static|} partial Linear Head { get; }")]
    [InlineData("public partial {|SPS0007:int|} Head { get; }")]
    [InlineData("public partial {|SPS0007:Linear?|} Head { get; }")]
    [InlineData("public partial {|SPS0007:Net|} Head { get; }")]
    public Task APropertyThatCannotBeALayer(string property) =>
        VerifyAsync($"[SparseModel] public partial class Net {{ [Linear(8, 4)] {property} Activation Forward([Input(8)] Activation x) => "
            + $"x.Through(Head); }}");

    [Fact]
    public async Task TheFixOfAPropertyIsWrittenOut()
    {
        var messages = await VerifyAsync(
            "[SparseModel] public partial class Net { [Linear(8, 4)] internal Linear {|SPS0005:Head|} { get; } Activation "
                + "Forward([Input(8)] Activation x) => x.Through(Head); }");
        Assert.Contains("write 'internal partial Linear Head { get; }'", Assert.Single(messages));
    }

    [Theory]
    [InlineData("public")]
    [InlineData("internal")]
    [InlineData("protected internal virtual")]
    [InlineData("private")]
    public Task APropertyMayHaveAnyAccessibility(string modifiers) =>
        VerifyAsync($"[SparseModel] public partial class Net {{ [Linear(8, 4)] {modifiers} partial SparseSharp.Linear Head {{ get; }} "
            + $"Activation Forward([Input(8)] Activation x) => x.Through(Head); }}");

    [Fact]
    public Task AnIndexerIsNoLayer() => VerifyAsync(
        "[SparseModel] public partial class Net { [{|SPS0006:Linear(8, 4)|}] public Linear this[int index] => null!; Activation "
            + "Forward([Input(8)] Activation x) => x.Relu(); }");

    [Theory]
    [InlineData("[Linear({|SPS0008:0|}, 4)]")]
    [InlineData("[Linear(8, {|SPS0008:-4|})]")]
    [InlineData("[Linear({|SPS0008:0|}, {|SPS0008:0|})]")]
    [InlineData("[Linear(outputs: {|SPS0008:0|}, inputs: 8)]")]
    [InlineData("[Linear(8, {|SPS0008:300_000_000|}, Bias = false)]")]
    public Task ADimensionOutOfRange(string attribute) =>
        VerifyAsync($"[SparseModel] public partial class Net {{ {attribute} public partial Linear Head {{ get; }} Activation "
            + $"Forward([Input(8)] Activation x) => x.Through(Head); }}");

    [Theory]
    [InlineData("[Linear(8)]")]
    [InlineData("[Linear]")]
    [InlineData("[Linear(8, \"4\")]")]
    public Task WhatTheCompilerReportsIsNotReportedTwice(string attribute) =>
        VerifyAsync($"[SparseModel] public partial class Net {{ {attribute} public partial Linear Head {{ get; }} Activation "
            + $"Forward([Input(8)] Activation x) => x.Through(Head); }}");

    [Theory]
    [InlineData("=> x.Relu();", true)]
    [InlineData("{ var dead = x.Through(Head); return x.Relu(); }", true)]
    [InlineData("=> x.Through(Head);", false)]
    [InlineData("{ var h = x; h = h.Through(Head); return h + 1; }", false)]
    public Task ALayerThatForwardDoesNotUse(string body, bool isReported) => VerifyAsync(
        $"[SparseModel] public partial class Net {{ [Linear(8, 8)] public partial Linear {(isReported ? "{|SPS0009:Head|}" : "Head")} {{ get; }} Activation Forward([Input(8)] Activation x) {body} }}");

    [Fact]
    public Task ANestedModelThatForwardDoesNotUse() => VerifyAsync($$"""
        [SparseModel] public partial class Block { {{Members}} }
        [SparseModel] public partial class Net
        {
            public partial Block Used { get; }
            public partial Block {|SPS0009:Unused|} { get; }
            Activation Forward([Input(8)] Activation x) => x.Through(Used);
        }
        """);

    [Fact]
    public Task AttributesOutsideAModel() => VerifyAsync("""
        [{|SPS0010:NMSparse(2, 4)|}]
        public class Plain
        {
            [{|SPS0010:Linear(8, 8)|}, {|SPS0010:Dense|}] public Linear? Head { get; }
            public Activation Forward([{|SPS0010:Input(8)|}] Activation x) => x;
        }
        [SparseModel] public partial class Net
        {
            Activation Forward([Input(8)] Activation x) => x.Relu();
            void Other([{|SPS0010:Input(8)|}] Activation y) { }
        }
        """);

    [Fact]
    public Task AttributesOfTheSameNameAreOthersConcern() => VerifyAsync("""
        namespace Mine;
        class LinearAttribute(int a, int b) : Attribute { public int Sum => a + b; }
        class Plain { [Linear(8, 8)] public int Value { get; } }
        """);

    [Fact]
    public async Task AModelThatContainsItself()
    {
        var messages = await VerifyAsync("""
            [SparseModel] public partial class Net
            {
                public partial {|SPS0011:Net|} Inner { get; }
                Activation Forward([Input(8)] Activation x) => x.Through(Inner);
            }
            """);
        Assert.Contains("(Net → Net)", Assert.Single(messages));
    }

    [Fact]
    public async Task AModelThatContainsItselfThroughOthers()
    {
        var messages = await VerifyAsync("""
            [SparseModel] public partial class A { public partial {|SPS0011:B|} Inner { get; } Activation Forward([Input(8)] Activation x) => x.Through(Inner); }
            [SparseModel] public partial class B { public partial {|SPS0011:C|} Inner { get; } Activation Forward([Input(8)] Activation x) => x.Through(Inner); }
            [SparseModel] public partial class C { public partial {|SPS0011:A|} Inner { get; } Activation Forward([Input(8)] Activation x) => x.Through(Inner); }
            [SparseModel] public partial class D { public partial {|SPS0012:A|} Inner { get; } Activation Forward([Input(8)] Activation x) => x.Through(Inner); }
            """);
        Assert.Contains("(A → B → C → A)", messages[0]);
        Assert.Contains("(B → C → A → B)", messages[1]);
        Assert.Contains("has errors of its own", messages[3]);
    }

    [Fact]
    public async Task ANestedModelWithErrors()
    {
        var messages = await VerifyAsync("""
            [SparseModel] public partial class Block { Activation Forward({|SPS0023:Activation x|}) => x.Relu(); }
            [SparseModel] public partial class Net
            {
                public partial {|SPS0012:Block|} First { get; }
                Activation Forward([Input(8)] Activation x) => x.Through(First).Relu();
            }
            """);
        Assert.Equal("Member 'First' cannot be built because its model 'Block' has errors of its own", messages[1]);
    }

    [Fact]
    public async Task ANestedModelOfAnotherProject()
    {
        // The other project is compiled, so that its class implements the interface that Through asks for.
        var other = new TestProject().Compile(
            "namespace Other; [SparseModel] public class Block : ISparseModel { public System.Collections.Generic.IReadOnlyList<ILayer> "
                + "Layers => []; }");
        using var image = new MemoryStream();
        Assert.True(other.Emit(image).Success);

        var messages = await VerifyAsync(
            """
            [SparseModel] public partial class Net
            {
                public partial {|SPS0012:Other.Block|} First { get; }
                Activation Forward([Input(8)] Activation x) => x.Through(First).Relu();
            }
            """,
            new() { MoreReferences = [MetadataReference.CreateFromImage(image.ToArray())] });
        Assert.Contains("is in another project", Assert.Single(messages));
    }

    [Fact]
    public Task ANestedModelThatIsNotPartial() => VerifyAsync($$"""
        [SparseModel] public partial class Block { {{Members}} }
        [SparseModel] public partial class Net
        {
            public Block {|SPS0005:First|} { get; } = null!;
            public Block Other { get; } = null!;
            Activation Forward([Input(8)] Activation x) => x.Through(First).Relu();
        }
        """);

    [Theory]
    [InlineData("public int {|SPS0013:Layers|} => 1;")]
    [InlineData("private static int {|SPS0013:_descriptor|};")]
    [InlineData("private int {|SPS0013:_head|};")]
    [InlineData("public int {|SPS0013:Save|} { get; set; }")]
    [InlineData("public void {|SPS0013:Save|}(string file) { }")]
    [InlineData("public static Net {|SPS0013:Create|}(ulong number) => null!;")]
    [InlineData("public void {|SPS0013:Predict|}(ReadOnlySpan<float> x, Span<float> y) { }")]
    [InlineData("public {|SPS0013:Net|}(ulong seed) { }")]
    [InlineData("[Linear(8, 4)] public partial Linear {|SPS0013:HEAD|} { get; }", "x.Through(HEAD) + x.Through(Head)")]
    [InlineData("[Linear(8, 4)] public partial Linear {|SPS0013:He_ad|} { get; }", "x.Through(He_ad) + x.Through(Head)")]
    public Task AMemberWithTheNameOfAGeneratedOne(string member, string result = "x.Through(Head)") => VerifyAsync($$"""
        [SparseModel]
        public partial class Net
        {
            [Linear(8, 4)] public partial Linear Head { get; }
            {{member}}
            Activation Forward([Input(8)] Activation x) => {{result}};
        }
        """);

    [Theory]
    [InlineData("public void Save(System.IO.Stream stream) { } public float[] Predict(float[] x) => x;")]
    [InlineData("public Net(string path) : this() => LoadWeights(path); public static Net Create() => new();")]
    [InlineData("private int _heads; public int Depth => 1;")]
    public Task AnOverloadOfAGeneratedMethod(string member) =>
        VerifyAsync($"[SparseModel] public partial class Net {{ {Members} {member} }}");

    [Theory]
    [InlineData(LanguageVersion.CSharp12, true)]
    [InlineData(LanguageVersion.CSharp13, false)]
    public async Task TheLanguageVersion(LanguageVersion version, bool isReported)
    {
        var messages = await VerifyAsync(
            $"[SparseModel] public partial class {(isReported ? "{|SPS0090:Net|}" : "Net")} {{ {Members} }}",
            new() { Language = version });
        if (isReported)
            Assert.Contains("uses C# 12.0; set <LangVersion>", Assert.Single(messages));
    }
}
