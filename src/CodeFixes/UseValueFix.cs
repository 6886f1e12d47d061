using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.CodeFixes;

/// <summary>Changes a dimension, a sparsity or a penalty to one that the diagnostic suggests.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UseValueFix : ModelFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ["SPS0043", "SPS0044", "SPS0069", "SPS0070", "SPS0071", "SPS0075", "SPS0077", "SPS0085"];

    private protected override IEnumerable<(string Title, Func<SyntaxNode> Change)> Corrections(SyntaxNode root, Diagnostic diagnostic)
    {
        // A value that an attribute of the class gives is marked at that attribute: what to change there is not known.
        if (!diagnostic.Properties.TryGetValue(Suggestion.Property, out var values) || values is null
            || root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax written)
        {
            yield break;
        }
        foreach (var value in values.Split(Suggestion.Separator))
            yield return ($"Change {written} to {value}",
                () => root.ReplaceNode(written, SyntaxFactory.ParseExpression(value).WithTriviaFrom(written)));
    }
}
