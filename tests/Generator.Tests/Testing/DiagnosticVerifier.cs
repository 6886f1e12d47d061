using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Generator.Reading;

namespace SparseSharp.Generator.Tests.Testing;

/// <summary>Runs the analyzer over source with marks and compares every diagnostic with every mark.</summary>
internal static class DiagnosticVerifier
{
    /// <summary>
    /// Asserts that exactly the marked diagnostics are reported: by the analyzer alone, and, once each, by generator and analyzer together.
    /// </summary>
    /// <returns>The messages in order of their places.</returns>
    public static async Task<IReadOnlyList<string>> VerifyAsync(string text, TestProject? project = null)
    {
        project ??= new();
        var markup = Markup.Parse(text);
        var compilation = project.Compile(markup.Source);

        var before = await AnalyzeAsync(compilation);
        AssertMarked(markup, before);

        // The build analyzes the class together with its generated parts. Kernels have nothing to do with it and take long to bind.
        var driver = project.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var reported);
        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        var kernels = generated.SyntaxTrees.Where(tree => IsKernel(Path.GetFileName(tree.FilePath)));
        AssertMarked(markup, [.. reported, .. await AnalyzeAsync(generated.RemoveSyntaxTrees(kernels))]);
        return [.. Ordered(before).Select(diagnostic => diagnostic.GetMessage())];
    }

    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation) =>
        await compilation
            .WithAnalyzers([new SparseModelAnalyzer()], new AnalyzerOptions([]))
            .GetAnalyzerDiagnosticsAsync();

    private static bool IsKernel(string file) => file.StartsWith("SparseSharp.", StringComparison.Ordinal);

    private static void AssertMarked(Markup markup, ImmutableArray<Diagnostic> diagnostics)
    {
        var expected = markup.Expected
            .OrderBy(mark => mark.Span.Start).ThenBy(mark => mark.Span.End).ThenBy(mark => mark.Id, StringComparer.Ordinal)
            .Select(mark => $"{mark.Id} at '{markup.Source.Substring(mark.Span.Start, mark.Span.Length)}' {mark.Span}");
        var actual = Ordered(diagnostics)
            .Select(diagnostic => $"{diagnostic.Id} at '{TextOf(diagnostic)}' {diagnostic.Location.SourceSpan}");
        Assert.Equal(string.Join("\n", expected), string.Join("\n", actual));
    }

    private static IEnumerable<Diagnostic> Ordered(IEnumerable<Diagnostic> diagnostics) => diagnostics
        .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
        .ThenBy(diagnostic => diagnostic.Location.SourceSpan.End)
        .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal);

    private static string TextOf(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan) ?? diagnostic.GetMessage();
}
