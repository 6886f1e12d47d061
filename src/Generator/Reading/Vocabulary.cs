using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Layers;
using Catalogue = SparseSharp.Generator.Modifiers.Catalogue;

namespace SparseSharp.Generator.Reading;

/// <summary>What an attribute of the package says, whatever its kind.</summary>
internal enum AttributeRole
{
    None,

    /// <summary>The class is a model.</summary>
    Model,

    /// <summary>The parameter's shape.</summary>
    Input,

    /// <summary>The property is a layer of some kind.</summary>
    Layer,

    /// <summary>Something about the weights of a layer, or on a class the default of its layers: see <see cref="Catalogue"/>.</summary>
    Modifier,

    /// <summary>No sparsity, against the default of the class.</summary>
    OptOut,

    /// <summary>The method is an operation that <c>Forward</c> can apply.</summary>
    Operation,
}

/// <summary>
/// The names that user code and generator share. A new attribute is a line in <see cref="RoleOf(AttributeData)"/> and a reader, a kind of
/// layers (<see cref="Layers.Catalogue"/>), or a modifier (<see cref="Catalogue"/>).
/// </summary>
internal static class Vocabulary
{
    public const string Namespace = "SparseSharp";
    public const string SparseModelAttribute = Namespace + ".SparseModelAttribute";

    public static AttributeRole RoleOf(AttributeData attribute) =>
        attribute.AttributeClass is { } type && IsOurs(type)
            ? type.Name switch
            {
                "SparseModelAttribute" => AttributeRole.Model,
                "InputAttribute" => AttributeRole.Input,
                "DenseAttribute" => AttributeRole.OptOut,
                "OperationAttribute" => AttributeRole.Operation,
                _ when Layers.Catalogue.FindAttribute(type.Name) is not null => AttributeRole.Layer,
                _ => Catalogue.Find(type.Name) >= 0 ? AttributeRole.Modifier : AttributeRole.None,
            }
            : AttributeRole.None;

    /// <summary>The name as users write it, for example <c>NMSparse</c>.</summary>
    public static string ShortName(AttributeData attribute) => attribute.AttributeClass!.Name.Replace("Attribute", "");

    public static AttributeData? Find(ISymbol symbol, AttributeRole role)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (RoleOf(attribute) == role)
                return attribute;
        }

        return null;
    }

    public static bool IsModel(ISymbol symbol) => Find(symbol, AttributeRole.Model) is not null;

    public static bool IsActivation(ITypeSymbol type) => IsRuntimeType(type, "Activation");

    public static bool IsPanelRows(ITypeSymbol type) => IsRuntimeType(type, "PanelRows");

    /// <summary>The kind of layer that an attribute makes of a property.</summary>
    public static LayerKind KindOf(AttributeData layer) => Layers.Catalogue.FindAttribute(layer.AttributeClass!.Name)!;

    /// <summary>The kind of layer that a type is; null for other types.</summary>
    public static LayerKind? KindOf(ITypeSymbol type) =>
        Layers.Catalogue.Find(type.Name) is { } kind && IsRuntimeType(type, kind.Name) ? kind : null;

    public static bool IsLayer(ITypeSymbol type) => KindOf(type) is not null;

    public static bool IsBlockKind(ITypeSymbol type) => IsRuntimeType(type, nameof(BlockKind));

    public static bool IsTrainer(INamedTypeSymbol type) => IsRuntimeType(type, "Trainer") && type.Arity == 1;

    private static bool IsRuntimeType(ITypeSymbol type, string name) =>
        type.Name == name && type.NullableAnnotation != NullableAnnotation.Annotated && IsOurs(type);

    private static bool IsOurs(ITypeSymbol type) =>
        type is { ContainingType: null, ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } };
}
