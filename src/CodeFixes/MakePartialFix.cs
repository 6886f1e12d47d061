using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.CodeFixes;

/// <summary>Makes a model, a type around it or the property of a layer partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MakePartialFix : ModelFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["SPS0001", "SPS0004", "SPS0005"];

    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Corrections(SyntaxNode root, Diagnostic diagnostic)
    {
        var name = root.FindToken(diagnostic.Location.SourceSpan.Start);
        if (name.Parent is MemberDeclarationSyntax and (TypeDeclarationSyntax or PropertyDeclarationSyntax))
            yield return ($"Make '{name.ValueText}' partial",
                () => root.ReplaceNode(name.Parent, WithPartial((MemberDeclarationSyntax)name.Parent)));
    }

    /// <summary>The modifier has to be the last one. Without others, what stands before the declaration has to stand before it.</summary>
    private static MemberDeclarationSyntax WithPartial(MemberDeclarationSyntax member)
    {
        var partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (member.Modifiers.Count > 0)
            return member.WithModifiers(member.Modifiers.Add(partial));
        var first = member is TypeDeclarationSyntax type ? type.Keyword : ((PropertyDeclarationSyntax)member).Type.GetFirstToken();
        return member
            .ReplaceToken(first, first.WithLeadingTrivia())
            .WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(first.LeadingTrivia)));
    }
}
