using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Generator.Reading;

namespace SparseSharp.Generator;

/// <summary>Silences what editors say of a model's <c>Forward</c>, which nothing calls because it is only read.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ForwardSuppressor : DiagnosticSuppressor
{
    private const string Reason = "Forward is read by the generator and never called";

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } =
    [
        new("SPSS001", "IDE0051", Reason), // Private member is unused.
        new("SPSS002", "CA1822", Reason), // Member can be static.
        new("SPSS003", "CA1811", Reason), // Private code is not called.
    ];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree)
                continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            if (node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { Identifier.ValueText: ForwardReader.Name } method
                || context.GetSemanticModel(tree).GetDeclaredSymbol(method, context.CancellationToken)?.ContainingType is not { } type
                || !Vocabulary.IsModel(type))
            {
                continue;
            }
            foreach (var suppression in SupportedSuppressions)
            {
                if (suppression.SuppressedDiagnosticId == diagnostic.Id)
                    context.ReportSuppression(Suppression.Create(suppression, diagnostic));
            }
        }
    }
}
