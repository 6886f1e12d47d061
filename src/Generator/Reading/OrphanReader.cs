using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>Finds attributes of the package where no model reads them.</summary>
internal static class OrphanReader
{
    /// <param name="symbol">A property, a parameter, or a class that is not a model.</param>
    /// <param name="report">Takes every diagnostic.</param>
    public static void Check(ISymbol symbol, Action<Diagnostic> report)
    {
        if (Expectation(symbol) is not { } expectation)
            return;

        foreach (var attribute in symbol.GetAttributes())
        {
            if (Vocabulary.RoleOf(attribute) is not (AttributeRole.None or AttributeRole.Model) && attribute.ApplicationSyntaxReference is not null)
                new DiagnosticSink(report).Report(Descriptors.OutsideModel, attribute.Syntax(), Vocabulary.ShortName(attribute), expectation);
        }
    }

    /// <summary>What is missing for the attributes to have an effect; null where they have one, or the model's reader knows.</summary>
    private static string? Expectation(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => $"put [SparseModel] on '{type.Name}' too",
        IPropertySymbol property when !Vocabulary.IsModel(property.ContainingType) => $"put [SparseModel] on '{property.ContainingType.Name}' or remove it",
        IParameterSymbol { ContainingSymbol: var method } when !IsForward(method) => "it belongs to the parameter of a model's Forward method",
        _ => null,
    };

    private static bool IsForward(ISymbol method) =>
        method is IMethodSymbol { Name: "Forward", ContainingType: { } type } && Vocabulary.IsModel(type);
}
