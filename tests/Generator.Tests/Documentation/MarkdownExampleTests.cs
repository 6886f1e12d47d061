using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Documentation;

/// <summary>The examples of the documentation, compiled as a user would who copies them into a project with implicit usings.</summary>
public sealed class MarkdownExampleTests
{
    private const string ImplicitUsings =
        """
        global using SparseSharp;
        global using static SparseSharp.BlockKind;
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        """;

    public static TheoryData<string> Pages =>
    [
        "README.md",
        "docs/getting-started.md",
        "docs/training.md",
        "docs/data.md",
        "docs/tables.md",
        "docs/operations.md",
        "docs/adaprune.md",
        "docs/files.md",
        "docs/k-tanh.md",
        "docs/torchsharp.md",
        .. Directory.GetFiles(Path.Combine(MarkdownPage.Root, "docs", "attributes"), "*.md").Order(StringComparer.Ordinal)
            .Select(path => $"docs/attributes/{Path.GetFileName(path)}"),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Examples_compile_without_warnings(string page)
    {
        var program = MarkdownPage.Program(page);
        var project = new TestProject();
        var hasStatements = CSharpSyntaxTree.ParseText(program).GetCompilationUnitRoot().Members.Any(SyntaxKind.GlobalStatement);
        var compilation = CSharpCompilation.Create(
            "Examples",
            [project.Parse(ImplicitUsings, "Usings.cs"), project.Parse(program, page)],
            [.. TestProject.References, .. page == "docs/torchsharp.md" ? [TestProject.TorchSharp] : Array.Empty<MetadataReference>()],
            new(
                hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));

        project.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var complete, out var reported);

        Assert.NotEmpty(program);
        Assert.Empty(reported);
        Assert.Empty(complete.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public void The_first_model_of_the_readme_has_20_lines()
    {
        var lines = MarkdownPage.Program("README.md").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(lines.Length, 10, 20);
    }
}
