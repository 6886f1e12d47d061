using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.Fuzz.Programs;

/// <summary>Programs to begin with, and pieces of them to put into others.</summary>
internal sealed partial class Corpus
{
    private Corpus()
    {
        var assembly = typeof(Corpus).Assembly;
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("corpus/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var text = reader.ReadToEnd();
            if (name.EndsWith(".md", StringComparison.Ordinal))
                Programs.AddRange(Blocks().Matches(text).Select(match => match.Groups[1].Value).Where(IsModel));
            else
                Programs.AddRange(Types(text));
        }
        foreach (var root in Programs.Select(program => CSharpSyntaxTree.ParseText(program).GetRoot()))
        {
            Expressions.AddRange(root.DescendantNodes().OfType<ExpressionSyntax>().Select(node => node.ToString()));
            Attributes.AddRange(root.DescendantNodes().OfType<AttributeSyntax>().Select(node => node.ToString()));
            Members.AddRange(root.DescendantNodes()
                .OfType<MemberDeclarationSyntax>()
                .Where(node => node is PropertyDeclarationSyntax or MethodDeclarationSyntax)
                .Select(node => node.ToString()));
            Identifiers.AddRange(root.DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
                .Select(token => token.ValueText));
        }
    }

    public static Corpus Instance { get; } = new();

    public List<string> Programs { get; } = [];

    public List<string> Expressions { get; } = [];

    public List<string> Attributes { get; } = [];

    public List<string> Members { get; } = [];

    public List<string> Identifiers { get; } = [];

    /// <summary>The models of a file one by one: an error in one must not hide the others.</summary>
    private static IEnumerable<string> Types(string text)
    {
        var types = CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
            .Where(type => type.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax).ToList();
        foreach (var type in types.Where(type => IsModel(type.ToString())))
        {
            // With the models that it contains.
            var nested =
                types.Where(other => other != type && type.ToString().Contains($" {other.Identifier.Text} ", StringComparison.Ordinal));
            yield return string.Join("\n\n", nested.Prepend(type).Select(node => node.ToString()));
        }
    }

    private static bool IsModel(string text) => text.Contains("[SparseModel", StringComparison.Ordinal);

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
