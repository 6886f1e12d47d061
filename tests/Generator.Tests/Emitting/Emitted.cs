using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>What the generator adds to a user's source.</summary>
internal sealed class Emitted
{
    private readonly GeneratorRunResult _result;
    private readonly Compilation _output;

    /// <summary>
    /// Generates, and checks that user's and emitted code compile together without errors and warnings, those on documentation included.
    /// </summary>
    public Emitted(params string[] sources)
        : this(new TestProject(), sources)
    {
    }

    public Emitted(TestProject project, params string[] sources)
    {
        var options = project.ParseOptions.WithDocumentationMode(DocumentationMode.Diagnose);
        var compilation = project.Compile(sources);
        compilation = compilation
            .RemoveAllSyntaxTrees()
            .AddSyntaxTrees(compilation.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.GetText(), options, tree.FilePath)))
            .WithOptions(compilation.Options.WithWarningLevel(9999));
        var driver = project.Driver()
            .WithUpdatedParseOptions(options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        _result = driver.GetRunResult().Results.Single();
        _output = output;
        Assert.Empty(diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(IsProblem).Select(found => found.ToString()));
    }

    public IEnumerable<string> HintNames => _result.GeneratedSources.Select(source => source.HintName);

    public string this[string hint] => _result.GeneratedSources.Single(source => source.HintName == hint + ".g.cs").SourceText.ToString();

    /// <summary>The documentation of a member, as an editor shows it.</summary>
    public string Documentation(string type, string member) =>
        _output.GetTypeByMetadataName(type)!.GetMembers(member).Single().GetDocumentationCommentXml() ?? "";

    /// <summary>What users leave undocumented is their own affair.</summary>
    private static bool IsProblem(Diagnostic found) =>
        found.Severity >= DiagnosticSeverity.Warning
            && !(found.Id == "CS1591" && found.Location.SourceTree!.FilePath.StartsWith("Source", StringComparison.Ordinal));
}
