using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>
/// SPS0095 and up, and who reports what: the generator where the compiler would stop before it asks the analyzer, else the analyzer, and
/// nobody twice.
/// </summary>
public sealed class NewcomerDiagnosticsTests
{
    private const string Members =
        "[Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head);";

    [Theory]
    [InlineData("[SparseModel] partial class Net{|SPS0095:(int epochs)|} { public int Epochs => epochs; MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { MEMBERS } partial class Net{|SPS0095:()|} { }")]
    [InlineData("[SparseModel] partial class Net { public {|SPS0096:Net|}() { } MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { public {|SPS0096:Net|}(string path) => LoadWeights(path); MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { MEMBERS } partial class Net { private {|SPS0096:Net|}(int epochs) : base() { } }")]
    [InlineData("[SparseModel] partial class Net { public Net() : this(1) { } public Net(string path) : this() => LoadWeights(path); "
        + "static Net() { } MEMBERS }")]
    [InlineData("[SparseModel] partial class Net : {|SPS0003:Basis|} { MEMBERS } class Basis { protected Basis(int x) { } }")]
    [InlineData("[SparseModel] partial class Net : Basis { MEMBERS } class Basis { protected Basis(int x = 1) { } }")]
    [InlineData("[SparseModel] partial class Net { public partial Linear {|SPS0097:Other|} { get; } MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { internal partial Linear {|SPS0097:Other|} { get; } Activation Forward([Input(8)] "
        + "Activation x) => x.Through(Other); }")]
    [InlineData("[SparseModel] partial class Net { public partial Linear Other { get; } public partial Linear Other => Head; MEMBERS }")]
    [InlineData("partial class {|SPS0098:Net|} { MEMBERS }")]
    [InlineData("partial class {|SPS0098:Net|} { [Linear(8, 4), NMSparse(2, 4)] public partial Linear A { get; } "
        + "[SparseSharp.LinearAttribute(4, 4)] public partial Linear B { get; } }")]
    [InlineData("partial record {|SPS0098:Net|} { MEMBERS }")]
    [InlineData("class {|SPS0098:Net|} { MEMBERS }")]
    public Task MistakesOfTheFirstDay(string source) => VerifyAsync(source.Replace("MEMBERS", Members));

    [Theory]
    [InlineData("=> {|SPS0025:Head.Forward(Stem.Forward(x))|};", "a value goes through a layer; write 'x.Through(Stem).Through(Head)'")]
    [InlineData("=> {|SPS0025:this.Head.Forward(x.Through(Stem))|};", "write 'x.Through(Stem).Through(Head)'")]
    [InlineData("=> {|SPS0025:Stem.Through(x)|}.Relu().Through(Head);", "write 'x.Through(Stem)'")]
    [InlineData("=> {|SPS0025:Head(Stem(x))|};", "write 'x.Through(Stem).Through(Head)'")]
    [InlineData("=> {|SPS0025:Head.Forward(x + x)|};", "write '(x + x).Through(Head)'")]
    [InlineData("=> {|SPS0025:x.Apply(Stem)|}.Through(Head);", "write 'x.Through(Stem)'")]
    [InlineData("=> {|SPS0025:x.Through(Stem).Through(Head).Softmax()|};", "Loss.SoftmaxCrossEntropy takes what comes before it")]
    [InlineData("=> {|SPS0025:x.Through(Stem).ReLU()|}.Through(Head);", "write 'Relu'")]
    [InlineData("=> {|SPS0025:x.relu()|};", "write 'Relu'")]
    [InlineData("=> {|SPS0025:x.LeakyReLU(0.1)|};", "write 'LeakyRelu'")]
    [InlineData("=> {|SPS0025:x.AvgPool(2)|};", "write 'AveragePool'")]
    [InlineData("=> {|SPS0025:x.Cat(x)|};", "write 'a.Concat(b)'")]
    [InlineData(
        "=> x.Through({|SPS0025:new Linear(512, 10)|});",
        "declare '[Linear(512, 10)] public partial Linear Name { get; }' and write Through(Name)")]
    [InlineData("=> {|SPS0025:new Linear(512, 10)|}.Forward(x);", "is not an operation of a model")]
    [InlineData("=> x.Through({|SPS0025:made|});", "declare it as '[Linear(8, 10)] public partial Linear Made { get; }'")]
    [InlineData("=> x.Through({|SPS0025:Held|});", "declare it as '[Linear(8, 4)] public partial Linear Held { get; }'")]
    [InlineData("=> {|SPS0025:Residual(x)|};", "make it a nested model: a [SparseModel] class with a Forward of its own")]
    [InlineData("{ var h = {|SPS0025:this.Residual(x)|}; return h.Relu(); }", "other methods are not read, so 'Residual' is none")]
    public async Task AMessageSaysWhatToWrite(string body, string advice)
    {
        // A call is marked where it begins in some cases and as a whole in others, so what is compared is the message.
        var source = $$"""
            [SparseModel] partial class Net
            {
            #pragma warning disable SPS0009
                [Linear(8, 8)] public partial Linear Stem { get; }
                [Linear(8, 8)] public partial Linear Head { get; }
                private Linear made = new Linear(8, 10);
                private Linear Held { get; } = new(8, 4);
                private Activation Residual(Activation x) => x + x.Through(Stem);
                Activation Forward([Input(8)] Activation x) {{body}}
            }
            """;
        if (body.StartsWith("=> {|SPS0025:new Linear", StringComparison.Ordinal))
            source = source.Replace("{|SPS0025:new Linear(512, 10)|}.Forward(x)", "{|SPS0025:new Linear(512, 10).Forward(x)|}");
        Assert.Contains(advice, Assert.Single(await VerifyAsync(source)));
    }

    [Theory]
    [InlineData("Activation {|SPS0020:forward|}([Input(8)] Activation x) => x.Relu();")]
    [InlineData("public Activation {|SPS0020:FORWARD|}([Input(8)] Activation x) => x.Relu();")]
    public async Task AForwardInAnotherSpelling(string method) =>
        Assert.Contains("to 'Forward'", Assert.Single(await VerifyAsync($"[SparseModel] partial class Net {{ {method} }}")));

    [Theory]
    [InlineData("trainer.{|SPS0100:Fit|}(data, 1, 2);")]
    [InlineData("_ = trainer.{|SPS0100:Fit|}(data, epochs: 1, batchSize: 2);")]
    [InlineData("var reports = trainer.{|SPS0100:Fit|}(data, 1, 2);")]
    [InlineData("System.Collections.Generic.IEnumerable<EpochReport> reports; reports = trainer.{|SPS0100:Fit|}(data, 1, 2);")]
    [InlineData("trainer?.{|SPS0100:Fit|}(data, 1, 2);")]
    [InlineData("Action train = () => trainer.{|SPS0100:Fit|}(data, 1, 2); train();")]
    [InlineData("foreach (var epoch in trainer.Fit(data, 1, 2)) { }")]
    [InlineData("var reports = trainer.Fit(data, 1, 2); foreach (var epoch in reports) { }")]
    [InlineData("var last = System.Linq.Enumerable.Last(trainer.Fit(data, 1, 2)); Console.WriteLine(last);")]
    [InlineData("Func<object> fit = () => trainer.Fit(data, 1, 2); fit();")]
    [InlineData("new Other().Fit(data);")]
    public Task AFitThatNobodyEnumerates(string statement) => VerifyAsync(
        $"[SparseModel] partial class Net {{ {Members} }} class Other {{ public int Fit(Dataset data) => data.Count; }} static class Use "
            + $"{{ static void It(Trainer<Net> trainer, Dataset data) {{ {statement} }} }}");

    [Fact]
    public async Task NestedModelsThatDoubleAtEveryLevelEndInAMessage()
    {
        var source = new System.Text.StringBuilder("[SparseModel] partial class Level0 { [Linear(4, 4)] public partial Linear Only { get; "
            + "} Activation Forward([Input(4)] Activation x) => x.Through(Only); }\n");
        for (var level = 1; level <= 30; level++)
        {
            var right = level == 12 ? "{|SPS0099:Right|}" : "Right";
            var type = level > 12 ? $"{{|SPS0012:Level{level - 1}|}}" : $"Level{level - 1}";
            source.Append($"[SparseModel] partial class Level{level} {{ public partial {type} Left {{ get; }} public partial {type} {right} {{ get; }} Activation Forward([Input(4)] Activation x) => x.Through(Left).Through(Right); }}\n");
        }
        var markup = Markup.Parse(source.ToString());
        var project = new TestProject();
        var found = await AnalyzeAsync(project.Compile(markup.Source));
        Assert.Equal(
            markup.Expected.Select(mark => (mark.Id, mark.Span)).OrderBy(mark => mark.Span.Start),
            found.Select(diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan)).OrderBy(mark => mark.SourceSpan.Start));
        Assert.Contains("more than 2048 layers", found.Single(diagnostic => diagnostic.Id == "SPS0099").GetMessage());
    }

    public static TheoryData<string, bool> Builds => new()
    {
        // The compiler has errors of its own whatever is generated, and asks no analyzer.
        { "[SparseModel] class {|SPS0001:Net|} { MEMBERS }", true },
        { "class {|SPS0004:Outer|} { [SparseModel] partial class Net { MEMBERS } }", true },
        { "[SparseModel] {|SPS0003:static|} partial class Net { [Linear(8, 4)] public partial Linear Head { get; } Activation "
            + "Forward([Input(8)] Activation x) => x.Through(Head); }", true },
        { "class {|SPS0098:Net|} { MEMBERS }", true },
        { "[SparseModel] partial class Net : Missing { [Linear(8, 4)] public partial Linear Head { get; {|SPS0006:set;|} } Activation "
            + "Forward([Input(8)] Activation x) => x.Through(Head); }", true },

        // The class is declared completely, and the analyzer says what is wrong with it.
        { "[SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; {|SPS0006:set;|} } Activation "
            + "Forward([Input(8)] Activation x) => x.Through(Head); }", false },
        { "[SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; {|SPS0006:private init;|} } Activation "
            + "Forward([Input(8)] Activation x) => x.Through(Head); }", false },
        { "[SparseModel] partial {|SPS0003:record|} Net { MEMBERS }", false },
        { "[SparseModel] partial class Net{|SPS0002:<T>|} { MEMBERS }", false },
        { "partial class Outer<@class> { [SparseModel] partial class {|SPS0002:Net|} { MEMBERS } }", false },
        { "[SparseModel] partial class Net { public partial Linear {|SPS0097:Other|} { get; } MEMBERS }", false },
        { "[SparseModel] partial class Net{|SPS0095:(int epochs)|} { public int Epochs => epochs; MEMBERS }", false },
        { "[SparseModel] partial class Net { public {|SPS0096:Net|}() { } MEMBERS }", false },
        { "partial class {|SPS0098:Net|} { MEMBERS }", false },
        { "[SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation "
            + "x) => {|SPS0025:Other(x)|}; Activation Other(Activation x) => x; }", false },
    };

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task TheGeneratorReportsWhatTheCompilerWouldKeepFromTheAnalyzer(string source, bool isReportedByGenerator)
    {
        var text = source.Replace("MEMBERS", Members);
        await VerifyAsync(text);

        var project = new TestProject();
        project.Driver().RunGeneratorsAndUpdateCompilation(project.Compile(Markup.Parse(text).Source), out var output, out var reported);
        Assert.Equal(isReportedByGenerator, reported.Length > 0);
        Assert.All(reported, diagnostic => Assert.True(diagnostic.Location.IsInSource));

        // What stops the compiler before it asks analyzers are errors of declarations.
        var stops = ((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)output).GetDeclarationDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .ToList();
        Assert.True(isReportedByGenerator == stops.Count > 0, string.Join("\n", stops));
    }

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task InAnEditorTheAnalyzerReportsAll(string source, bool isReportedByGenerator)
    {
        Assert.Contains(Builds, row => Equals(row[1], isReportedByGenerator));
        var text = source.Replace("MEMBERS", Members);
        var project = new TestProject { IsEditor = true };
        await VerifyAsync(text, project);
        project.Driver().RunGeneratorsAndUpdateCompilation(project.Compile(Markup.Parse(text).Source), out _, out var reported);
        Assert.Empty(reported);
    }

    [Fact]
    public void WhatTheGeneratorReportsCanBeSuppressedByAPragma()
    {
        var project = new TestProject();
        var source = $"#pragma warning disable SPS0001\n[SparseModel] class Net {{ {Members} }}\n#pragma warning restore "
            + $"SPS0001\n[SparseModel] class Other {{ {Members} }}";
        project.Driver().RunGeneratorsAndUpdateCompilation(project.Compile(source), out _, out var reported);
        Assert.Contains("'Other'", Assert.Single(reported, diagnostic => !diagnostic.IsSuppressed).GetMessage());
    }
}
