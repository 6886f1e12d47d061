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
        if (Expectation(symbol) is not { } expectation || IsSaidOfTheClass(symbol))
            return;

        foreach (var attribute in symbol.GetAttributes())
        {
            if (Vocabulary.RoleOf(attribute) is not (AttributeRole.None or AttributeRole.Model)
                && attribute.ApplicationSyntaxReference is not null)
                new DiagnosticSink(
                    report).Report(Descriptors.OutsideModel, attribute.Syntax(), Vocabulary.ShortName(attribute), expectation);
        }
    }

    /// <summary>What is missing for the attributes to have an effect; null where they have one, or the model's reader knows.</summary>
    private static string? Expectation(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol type => $"put [SparseModel] on '{type.Name}' too",
        IPropertySymbol property when !Vocabulary.IsModel(property.ContainingType) =>
            $"put [SparseModel] on '{property.ContainingType.Name}' or remove it",
        IParameterSymbol { ContainingSymbol: var method } when !IsForward(method) =>
            "it belongs to the parameter of a model's Forward method",
        _ => null,
    };

    /// <summary>A class with layers that only lacks [SparseModel]: that is an error of its own, and all else follows from it.</summary>
    private static bool IsSaidOfTheClass(ISymbol symbol) => symbol switch
    {
        IPropertySymbol property => MissingMarkReader.Find(property.ContainingType) is not null,
        IParameterSymbol { ContainingSymbol: IMethodSymbol { Name: ForwardReader.Name, ContainingType: { } type } } =>
            MissingMarkReader.Find(type) is not null,
        _ => false,
    };

    private static bool IsForward(ISymbol method) =>
        method is IMethodSymbol { ContainingType: { } type }
            && (method.Name == ForwardReader.Name || ForwardReader.IsMeant(method))
            && Vocabulary.IsModel(type);
}
