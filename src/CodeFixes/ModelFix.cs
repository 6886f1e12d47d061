using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace SparseSharp.CodeFixes;

/// <summary>A correction that replaces or removes one node of a file.</summary>
public abstract class ModelFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var (title, change) in Corrections(root, diagnostic))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        title, _ => Task.FromResult(context.Document.WithSyntaxRoot(change())),
                        equivalenceKey: $"{diagnostic.Id} {title}"), diagnostic);
            }
        }
    }

    /// <summary>What can be offered for a diagnostic: titles, and the file as it would be.</summary>
    private protected abstract IEnumerable<(string Title, Func<SyntaxNode> Change)> Corrections(SyntaxNode root, Diagnostic diagnostic);
}
