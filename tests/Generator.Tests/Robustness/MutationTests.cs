using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Robustness;

/// <summary>
/// Programs as they stand while someone types, and worse: neither generator nor analyzer may throw on any of them, because one exception stops all models of a project.
/// SPARSESHARP_MUTATIONS sets how many are tried.
/// </summary>
public sealed class MutationTests
{
    private const int InCi = 240;

    /// <summary>One in so many is also bound, to see whether what was generated compiles.</summary>
    private const int Bound = 6;

    [Fact]
    public async Task NothingThatSomeoneTypesStopsGeneratorOrAnalyzer()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("SPARSESHARP_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : InCi;
        var project = new TestProject();
        var empty = project.Compile("");
        var drivers = MutatedPrograms.Originals.Select(_ => project.Driver()).ToArray();
        for (var number = 0; number < count; number++)
        {
            var (original, source) = MutatedPrograms.Make(number);
            var compilation = empty.ReplaceSyntaxTree(
                empty.SyntaxTrees.Single(tree => tree.FilePath == "Source0.cs"), project.Parse(source, "Source0.cs"));

            // One driver goes through all variants of a program, as in an editor.
            drivers[original] = drivers[original].RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported);
            var result = drivers[original].GetRunResult().Results.Single();
            Assert.True(result.Exception is null, $"Mutation {number} stops the generator: {result.Exception}\n{source}");
            Assert.True(reported.All(diagnostic => diagnostic.Id.StartsWith("SPS", StringComparison.Ordinal)), $"Mutation {number}: {string.Join("\n", reported)}\n{source}");

            await AssertAnalyzerStands(number, source, compilation, project);
            if (number % Bound == 0)
                AssertGeneratedCodeIsNotToBlame(number, source, output);
        }
    }

    private static async Task AssertAnalyzerStands(int number, string source, Compilation compilation, TestProject project)
    {
        Exception? thrown = null;
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([], project.Options),
            onAnalyzerException: (exception, _, _) => thrown = exception,
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: false);
        var diagnostics = await compilation.WithAnalyzers([new SparseModelAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        Assert.True(thrown is null, $"Mutation {number} stops the analyzer: {thrown}\n{source}");
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "AD0001");
    }

    /// <summary>Where the compiler finds nothing wrong with what the user wrote, it must find nothing wrong with what was generated.</summary>
    private static void AssertGeneratedCodeIsNotToBlame(int number, string source, Compilation output)
    {
        var user = output.SyntaxTrees.Single(tree => tree.FilePath == "Source0.cs");
        if (Errors(user).Any())
            return;
        foreach (var tree in output.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) && !Path.GetFileName(tree.FilePath).StartsWith("SparseSharp.", StringComparison.Ordinal)))
            Assert.True(!Errors(tree).Any(), $"Mutation {number} compiles, but not {tree.FilePath}: {string.Join("\n", Errors(tree))}\n{source}");

        ImmutableArray<Diagnostic> Errors(SyntaxTree tree) =>
            [.. output.GetSemanticModel(tree).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }
}
