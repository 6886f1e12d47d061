using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;
using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0095 and up, and who reports what: the generator where the compiler would stop before it asks the analyzer, else the analyzer, and nobody twice.</summary>
public sealed class NewcomerDiagnosticsTests
{
    private const string Members = "[Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head);";

    [Theory]
    [InlineData("[SparseModel] partial class Net{|SPS0095:(int epochs)|} { public int Epochs => epochs; MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { MEMBERS } partial class Net{|SPS0095:()|} { }")]
    [InlineData("[SparseModel] partial class Net { public {|SPS0096:Net|}() { } MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { public {|SPS0096:Net|}(string path) => LoadWeights(path); MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { MEMBERS } partial class Net { private {|SPS0096:Net|}(int epochs) : base() { } }")]
    [InlineData("[SparseModel] partial class Net { public Net() : this(1) { } public Net(string path) : this() => LoadWeights(path); static Net() { } MEMBERS }")]
    [InlineData("[SparseModel] partial class Net : {|SPS0003:Basis|} { MEMBERS } class Basis { protected Basis(int x) { } }")]
    [InlineData("[SparseModel] partial class Net : Basis { MEMBERS } class Basis { protected Basis(int x = 1) { } }")]
    [InlineData("[SparseModel] partial class Net { public partial Linear {|SPS0097:Other|} { get; } MEMBERS }")]
    [InlineData("[SparseModel] partial class Net { internal partial Linear {|SPS0097:Other|} { get; } Activation Forward([Input(8)] Activation x) => x.Through(Other); }")]
    [InlineData("[SparseModel] partial class Net { public partial Linear Other { get; } public partial Linear Other => Head; MEMBERS }")]
    [InlineData("partial class {|SPS0098:Net|} { MEMBERS }")]
    [InlineData("partial class {|SPS0098:Net|} { [Linear(8, 4), NMSparse(2, 4)] public partial Linear A { get; } [SparseSharp.LinearAttribute(4, 4)] public partial Linear B { get; } }")]
    [InlineData("partial record {|SPS0098:Net|} { MEMBERS }")]
    [InlineData("class {|SPS0098:Net|} { MEMBERS }")]
    public Task MistakesOfTheFirstDay(string source) => VerifyAsync(source.Replace("MEMBERS", Members));

    public static TheoryData<string, bool> Builds => new()
    {
        // The compiler has errors of its own whatever is generated, and asks no analyzer.
        { "[SparseModel] class {|SPS0001:Net|} { MEMBERS }", true },
        { "class {|SPS0004:Outer|} { [SparseModel] partial class Net { MEMBERS } }", true },
        { "[SparseModel] {|SPS0003:static|} partial class Net { [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); }", true },
        { "class {|SPS0098:Net|} { MEMBERS }", true },
        { "[SparseModel] partial class Net : Missing { [Linear(8, 4)] public partial Linear Head { get; {|SPS0006:set;|} } Activation Forward([Input(8)] Activation x) => x.Through(Head); }", true },

        // The class is declared completely, and the analyzer says what is wrong with it.
        { "[SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; {|SPS0006:set;|} } Activation Forward([Input(8)] Activation x) => x.Through(Head); }", false },
        { "[SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; {|SPS0006:private init;|} } Activation Forward([Input(8)] Activation x) => x.Through(Head); }", false },
        { "[SparseModel] partial {|SPS0003:record|} Net { MEMBERS }", false },
        { "[SparseModel] partial class Net{|SPS0002:<T>|} { MEMBERS }", false },
        { "partial class Outer<@class> { [SparseModel] partial class {|SPS0002:Net|} { MEMBERS } }", false },
        { "[SparseModel] partial class Net { public partial Linear {|SPS0097:Other|} { get; } MEMBERS }", false },
        { "[SparseModel] partial class Net{|SPS0095:(int epochs)|} { public int Epochs => epochs; MEMBERS }", false },
        { "[SparseModel] partial class Net { public {|SPS0096:Net|}() { } MEMBERS }", false },
        { "partial class {|SPS0098:Net|} { MEMBERS }", false },
        { "[SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => {|SPS0025:Other(x)|}; Activation Other(Activation x) => x; }", false },
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
        var stops = ((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)output).GetDeclarationDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).ToList();
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
        var source = $"#pragma warning disable SPS0001\n[SparseModel] class Net {{ {Members} }}\n#pragma warning restore SPS0001\n[SparseModel] class Other {{ {Members} }}";
        project.Driver().RunGeneratorsAndUpdateCompilation(project.Compile(source), out _, out var reported);
        Assert.Contains("'Other'", Assert.Single(reported, diagnostic => !diagnostic.IsSuppressed).GetMessage());
    }
}
