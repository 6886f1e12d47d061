using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads what is left of a class that cannot be read as a model.</summary>
internal static class StubReader
{
    private static readonly SymbolDisplayFormat TypeFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <param name="type">The class.</param>
    /// <param name="declaration">Its part that has <c>[SparseModel]</c>, or should have it.</param>
    public static StubSpec Read(INamedTypeSymbol type, TypeDeclarationSyntax declaration)
    {
        var declared = TypeReader.Read(type, declaration, new DiagnosticSink(report: null));
        if (!ModelReader.IsLanguageKnown(declaration) || !CanBeAddedTo(type, declaration))
            return new(declared, EquatableArray<StubProperty>.Empty, StubSurface.Nothing);

        var properties = new List<StubProperty>();
        foreach (var member in type.GetMembers())
        {
            if (member is IPropertySymbol property && Find(property, declared) is { } stub)
                properties.Add(stub);
        }
        if (VariantReader.ModelOf(type) is { } model)
            properties.AddRange(Inherited(model, type));
        var surface = NameChecks.TakesAnyName(type) ? StubSurface.Contract
            : ConstructorChecks.PrimaryOf(type) is not null ? StubSurface.Methods
            : StubSurface.All;
        var inputs = InputsOf(type);
        declared = declared with { Optional = OptionalMemberReader.Read(type, declared.Optional, inputs.Count) };
        return new(declared, properties.ToEquatableArray(), surface) { Inputs = inputs };
    }

    /// <summary>The names of several inputs, by all that is known of a class with errors.</summary>
    private static EquatableArray<string> InputsOf(INamedTypeSymbol type)
    {
        var forward = (VariantReader.ModelOf(type) ?? type).GetMembers(ForwardReader.Name).OfType<IMethodSymbol>().FirstOrDefault();
        return forward is { Parameters.Length: > 1 } && forward.Parameters.All(parameter => Vocabulary.IsActivation(parameter.Type))
            ? forward.Parameters.Select(parameter => parameter.Name).ToEquatableArray()
            : EquatableArray<string>.Empty;
    }

    /// <summary>The layers that a variant has from its model.</summary>
    private static IEnumerable<StubProperty> Inherited(INamedTypeSymbol model, INamedTypeSymbol variant)
    {
        if (ModelReader.DeclarationOf(model) is not { } declaration)
            yield break;
        var declared = TypeReader.Read(model, declaration, new DiagnosticSink(report: null));
        foreach (var property in model.GetMembers().OfType<IPropertySymbol>())
        {
            if (variant.GetMembers(property.Name).Length == 0 && Find(property, declared) is { } stub)
                yield return stub with { Modifiers = VariantReader.WithoutPartial(stub.Modifiers) };
        }
    }

    /// <summary>Whether a partial property is one that the generator would implement.</summary>
    public static bool IsLeftToGenerator(IPropertySymbol property, TypeSpec declared) =>
        property is { IsPartialDefinition: true, IsIndexer: false, Name.Length: > 0 }
        && property.PartialImplementationPart is var other
        && (other is null || other.DeclaringSyntaxReferences.All(reference => GeneratedFiles.Has(declared, reference.SyntaxTree)));

    private static StubProperty? Find(IPropertySymbol property, TypeSpec declared)
    {
        if (!IsLeftToGenerator(property, declared)
            || property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not PropertyDeclarationSyntax syntax)
            return null;
        var isOurs = Vocabulary.Find(property, AttributeRole.Layer) is not null
            || (property.Type is INamedTypeSymbol type && (Layers.Catalogue.Find(type.Name) is not null || Vocabulary.IsModel(type)));
        if (!isOurs)
            return null;
        var accessors = syntax.AccessorList?.Accessors.Select(
            accessor => string.Join(" ", accessor.Modifiers.Select(modifier => modifier.Text).Append(accessor.Keyword.Text)));
        return new(
            TypeReader.Escape(property.Name),
            string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text)),
            property.Type.ToDisplayString(TypeFormat),
            (accessors ?? ["get"]).ToEquatableArray());
    }

    private static bool CanBeAddedTo(INamedTypeSymbol type, TypeDeclarationSyntax declaration)
    {
        if (type.IsStatic || type.IsFileLocal || !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            return false;
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsFileLocal || outer.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not TypeDeclarationSyntax around
                || !around.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                return false;
            }
        }
        return true;
    }
}
