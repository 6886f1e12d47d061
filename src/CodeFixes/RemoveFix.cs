using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.CodeFixes;

/// <summary>Removes an attribute that contradicts another or has no effect, or a setting of it that has none.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveFix : ModelFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
    [
        "SPS0010", "SPS0040", "SPS0041", "SPS0045", "SPS0049", "SPS0050", "SPS0054", "SPS0055", "SPS0057", "SPS0058", "SPS0059", "SPS0064",
        "SPS0065", "SPS0079", "SPS0081",
    ];

    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Corrections(SyntaxNode root, Diagnostic diagnostic)
    {
        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        if (node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { Parent: AttributeArgumentListSyntax arguments } argument)
        {
            yield return ($"Remove '{argument.NameEquals?.Name.Identifier.ValueText ?? argument.ToString()}'", () => arguments.Arguments.Count == 1
                ? root.RemoveNode(arguments, SyntaxRemoveOptions.KeepExteriorTrivia)!
                : root.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia)!);
        }
        else if (node.FirstAncestorOrSelf<AttributeSyntax>() is { Parent: AttributeListSyntax list } attribute)
        {
            yield return ($"Remove [{attribute.Name}]", () => list.Attributes.Count > 1
                ? root.RemoveNode(attribute, SyntaxRemoveOptions.KeepNoTrivia)!
                : WithoutList(root, list));
        }
    }

    /// <summary>What stands before the list, such as documentation, moves to what comes after it.</summary>
    private static SyntaxNode WithoutList(SyntaxNode root, AttributeListSyntax list)
    {
        var next = list.GetLastToken().GetNextToken();
        var without = root.ReplaceToken(next, next.WithLeadingTrivia(list.GetLeadingTrivia()));
        return without.RemoveNode(without.FindNode(list.Span), SyntaxRemoveOptions.KeepNoTrivia)!;
    }
}
