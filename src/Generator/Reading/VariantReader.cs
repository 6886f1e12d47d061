using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads what <c>[SparseModel(VariantOf = typeof(Net))]</c> says: whose layers and <c>Forward</c> a class has too.</summary>
internal sealed class VariantReader(INamedTypeSymbol variant, INamedTypeSymbol model, TypeSpec declared, DiagnosticSink sink)
{
    /// <summary>The property of the attribute.</summary>
    public const string Property = nameof(SparseModelAttribute.VariantOf);

    /// <summary>The model that has the layers and <c>Forward</c>.</summary>
    public INamedTypeSymbol Model => model;

    /// <summary>
    /// The model that a class is a variant of; null where it is a variant of none, or the C# compiler has an error to report.
    /// </summary>
    public static INamedTypeSymbol? ModelOf(INamedTypeSymbol type) => AttributeOf(type)?.Get<INamedTypeSymbol?>(Property, null);

    /// <summary>The attribute that makes a class a variant, if one does.</summary>
    public static AttributeData? AttributeOf(INamedTypeSymbol type) =>
        Vocabulary.Find(type, AttributeRole.Model) is { } attribute && attribute.Sets(Property) ? attribute : null;

    /// <summary>Whether the C# compiler made a value of what the attribute says: a type, or nothing.</summary>
    public static bool IsUnderstood(AttributeData attribute) => attribute.NamedArguments
        .Any(argument => argument.Key == Property && argument.Value is { Kind: not TypedConstantKind.Error, Value: not IErrorTypeSymbol });

    /// <summary>
    /// What keeps a class from having variants, as the end of a sentence; null where nothing does. Whether it can be read is not asked.
    /// </summary>
    public static string? FaultOf(INamedTypeSymbol variant, INamedTypeSymbol model, IAssemblySymbol assembly)
    {
        if (SymbolEqualityComparer.Default.Equals(variant, model))
            return "is the class itself; name the model that has the layers";
        if (!SymbolEqualityComparer.Default.Equals(model.ContainingAssembly, assembly))
            return NestedModel.Elsewhere;
        if (!Vocabulary.IsModel(model))
            return "is no model; put [SparseModel] on it";
        return ModelOf(model) is { } original ? $"is a variant itself; name '{original.Name}', which has the layers" : null;
    }

    /// <summary>The declaration in the variant that replaces a layer or a part of the model; null where the model's own counts.</summary>
    public IPropertySymbol? ReplacementOf(IPropertySymbol property)
    {
        foreach (var member in variant.GetMembers(property.Name))
        {
            if (member is IPropertySymbol own && StubReader.IsLeftToGenerator(own, declared))
                return own;
        }
        return null;
    }

    /// <summary>Modifiers of a property that the variant does not declare itself.</summary>
    public static string WithoutPartial(string modifiers) =>
        string.Join(" ", modifiers.Split(' ').Where(modifier => modifier != "partial"));

    /// <summary>
    /// Reports what the variant declares and the model decides: further layers, another <c>Forward</c>, other things with the name of a
    /// layer.
    /// </summary>
    public void Check()
    {
        foreach (var member in variant.GetMembers())
        {
            if (member is IPropertySymbol property && StubReader.IsLeftToGenerator(property, declared))
                CheckProperty(property);
            else if (member is IMethodSymbol { Name: ForwardReader.Name } method
                && Vocabulary.IsActivation(method.ReturnType)
                && NameChecks.PlaceOf(method, declared) is { } place)
                sink.Report(
                    Descriptors.VariantMember, place, ForwardReader.Name, model.Name, "remove it, or make the class a model of its own");
            else if (!member.IsImplicitlyDeclared && HasMember(member.Name) && NameChecks.PlaceOf(member, declared) is { } taken)
                sink.Report(
                    Descriptors.NameTaken, taken, member.Name, $"has the name of a member that is generated into model '{variant.Name}'");
        }
    }

    private void CheckProperty(IPropertySymbol property)
    {
        var isMember = Vocabulary.Find(property, AttributeRole.Layer) is not null
            || Vocabulary.IsLayer(property.Type)
            || Vocabulary.IsModel(property.Type);
        if (isMember && !HasMember(property.Name) && NameChecks.PlaceOf(property, declared) is { } place)
            sink.Report(
                Descriptors.VariantMember, place, property.Name, model.Name,
                $"declare it in '{model.Name}', or make the class a model of its own");
    }

    /// <summary>Whether the model has a layer or a part of a name.</summary>
    private bool HasMember(string name) => model.GetMembers(name).Any(member => member is IPropertySymbol { IsPartialDefinition: true });
}
