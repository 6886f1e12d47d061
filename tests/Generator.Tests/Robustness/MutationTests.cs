using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Robustness;

/// <summary>
/// Programs as they stand while someone types, and worse: neither generator nor analyzer may throw on any of them, because one exception
/// stops all models of a project. SPARSESHARP_MUTATIONS sets how many are tried.
/// </summary>
public sealed class MutationTests
{
    private const int InCi = 240;

    private const int MostFailures = 10;

    /// <summary>One in so many is also bound, to see whether what was generated compiles.</summary>
    private const int Bound = 6;

    [Fact]
    public async Task NothingThatSomeoneTypesStopsGeneratorOrAnalyzer()
    {
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("SPARSESHARP_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var wanted) ? wanted : InCi;
        var project = new TestProject();
        var empty = project.Compile("");
        var drivers = MutatedPrograms.Originals.Select(_ => project.Driver()).ToArray();
        var failures = new List<string>();
        for (var number = 0; number < count && failures.Count < MostFailures; number++)
        {
            var (original, source) = MutatedPrograms.Make(number);
            var compilation = empty.ReplaceSyntaxTree(
                empty.SyntaxTrees.Single(tree => tree.FilePath == "Source0.cs"), project.Parse(source, "Source0.cs"));

            // One driver goes through all variants of a program, as in an editor.
            drivers[original] = drivers[original].RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported);
            if (drivers[original].GetRunResult().Results.Single().Exception is { } exception)
                failures.Add($"Mutation {number} stops the generator: {exception}\n{source}");
            else if (reported.Any(diagnostic => !diagnostic.Id.StartsWith("SPS", StringComparison.Ordinal)))
                failures.Add($"Mutation {number}: {string.Join("\n", reported)}\n{source}");
            else if (number % Bound == 0 && FaultOfGeneratedCode(output) is { } fault)
                failures.Add($"Mutation {number} compiles, but not what is generated: {fault}\n{source}");
            if (await ThrownByAnalyzer(compilation) is { } thrown)
                failures.Add($"Mutation {number} stops the analyzer: {thrown}\n{source}");
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static async Task<Exception?> ThrownByAnalyzer(Compilation compilation)
    {
        Exception? thrown = null;
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            onAnalyzerException: (exception, _, _) => thrown = exception,
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: false);
        await compilation.WithAnalyzers([new SparseModelAnalyzer()], options).GetAnalyzerDiagnosticsAsync();
        return thrown;
    }

    /// <summary>
    /// Where the compiler finds nothing wrong with what the user wrote, it must find nothing wrong with what was generated.
    /// </summary>
    private static string? FaultOfGeneratedCode(Compilation output)
    {
        var user = output.SyntaxTrees.Single(tree => tree.FilePath == "Source0.cs");
        if (Errors(user).Any())
            return null;
        var models = output.SyntaxTrees.Where(
            tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)
                && !Path.GetFileName(tree.FilePath).StartsWith("SparseSharp.", StringComparison.Ordinal));
        return models.SelectMany(Errors).FirstOrDefault()?.ToString();

        IEnumerable<Diagnostic> Errors(SyntaxTree tree) =>
            output.GetSemanticModel(tree).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }
}
