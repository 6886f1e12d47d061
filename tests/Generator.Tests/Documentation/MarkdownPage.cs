using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.Generator.Tests.Documentation;

/// <summary>The C# code of a page: all its blocks fenced as <c>csharp</c>, which together are one program.</summary>
internal static class MarkdownPage
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The program of a page, with its using directives and statements before its types; empty if the page has none.</summary>
    /// <param name="page">Path below <see cref="Root"/>.</param>
    public static string Program(string page)
    {
        var units = Blocks(page).Select(block => SyntaxFactory.ParseCompilationUnit(block)).ToList();
        var members = units.SelectMany(unit => unit.Members).ToList();
        IEnumerable<SyntaxNode> ordered =
        [
            .. units.SelectMany(unit => unit.Usings),
            .. members.OfType<GlobalStatementSyntax>(),
            .. members.Where(member => member is not GlobalStatementSyntax),
        ];
        return string.Concat(ordered.Select(node => node.ToFullString() + "\n"));
    }

    private static IEnumerable<string> Blocks(string page)
    {
        List<string>? block = null;
        foreach (var line in File.ReadLines(Path.Combine(Root, page)))
        {
            if (block is null && line == "```csharp")
            {
                block = [];
            }
            else if (block is not null && line == "```")
            {
                yield return string.Join('\n', block);
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }
        Assert.True(block is null, $"{page}: a block of code does not end.");
    }

    private static string FindRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
