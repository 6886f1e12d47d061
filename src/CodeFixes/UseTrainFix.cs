using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.CodeFixes;

/// <summary>Calls <c>Train</c>, which trains to the end, where nobody enumerates what <c>Fit</c> returns.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UseTrainFix : ModelFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["SPS0100"];

    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Corrections(SyntaxNode root, Diagnostic diagnostic)
    {
        if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is IdentifierNameSyntax name)
            yield return ("Call Train", () => root.ReplaceNode(name, SyntaxFactory.IdentifierName("Train").WithTriviaFrom(name)));
    }
}
