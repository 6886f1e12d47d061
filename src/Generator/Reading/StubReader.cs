using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads what is left of a class that cannot be read as a model.</summary>
internal static class StubReader
{
    private static readonly SymbolDisplayFormat TypeFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>Null for a class that generated code cannot declare again: there the errors of the compiler say enough.</summary>
    public static StubSpec? Read(INamedTypeSymbol type)
    {
        if (ModelReader.DeclarationOf(type) is not { } declaration || !ModelReader.IsLanguageKnown(declaration))
            return null;

        var sink = new DiagnosticSink(report: null);
        var declared = TypeReader.Read(type, declaration, sink);
        if (sink.HasErrors)
            return null;

        var properties = new List<StubProperty>();
        foreach (var member in type.GetMembers())
        {
            if (member is IPropertySymbol property && IsToBeImplemented(property, out var modifiers))
                properties.Add(new(TypeReader.Escape(property.Name), modifiers, property.Type.ToDisplayString(TypeFormat)));
        }
        return new(declared, properties.ToEquatableArray(), HasSurface: !NameChecks.TakesAnyName(type));
    }

    private static bool IsToBeImplemented(IPropertySymbol property, out string modifiers)
    {
        modifiers = "";
        if (property is not { IsPartialDefinition: true, PartialImplementationPart: null, SetMethod: null, IsIndexer: false }
            || property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not PropertyDeclarationSyntax syntax)
        {
            return false;
        }
        modifiers = string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text));
        return Vocabulary.Find(property, AttributeRole.Layer) is not null || (property.Type is INamedTypeSymbol model && Vocabulary.IsModel(model));
    }
}
