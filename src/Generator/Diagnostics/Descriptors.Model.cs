using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor ClassNotPartial = new(
        id: "SPS0001",
        title: "Model class is not partial",
        messageFormat: "Model '{0}' is not partial, so nothing can be generated into it; add 'partial' to the class",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0001.md");

    public static readonly DiagnosticDescriptor ClassGeneric = new(
        id: "SPS0002",
        title: "Model class is generic",
        messageFormat: "Model '{0}' is generic or nested in a generic type, but the shapes of a model are fixed at compile time; remove "
            + "the type parameters",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0002.md");

    public static readonly DiagnosticDescriptor ClassForm = new(
        id: "SPS0003",
        title: "Model is not an ordinary class",
        messageFormat: "Model '{0}' is {1}, so no model of it can be generated and created; {2}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0003.md");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = new(
        id: "SPS0004",
        title: "Model is nested in a type that is not partial",
        messageFormat: "Type '{0}' contains the model '{1}' but is not partial; add 'partial' to '{0}' or move the model out of it",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0004.md");

    public static readonly DiagnosticDescriptor PropertyNotPartial = new(
        id: "SPS0005",
        title: "Property of a layer or nested model is not partial",
        messageFormat: "Property '{0}' is not partial, so the generator cannot implement it; write '{1}'",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0005.md");

    public static readonly DiagnosticDescriptor PropertyNotGetOnly = new(
        id: "SPS0006",
        title: "Property of a layer or nested model has more than a getter",
        messageFormat: "Property '{0}' must be an instance property with nothing but 'get;', because the model owns the object behind it; "
            + "{1}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0006.md");

    public static readonly DiagnosticDescriptor PropertyType = new(
        id: "SPS0007",
        title: "Property of a layer has the wrong type",
        messageFormat: "Property '{0}' is a {1} layer by its attribute but has the type '{2}'; change the type to '{1}'",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0007.md");

    public static readonly DiagnosticDescriptor LayerDimension = new(
        id: "SPS0008",
        title: "Dimension of a layer is out of range",
        messageFormat: "Layer '{0}' has {1} {2}; {3}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0008.md");

    public static readonly DiagnosticDescriptor UnusedMember = new(
        id: "SPS0009",
        title: "Layer or nested model is not used in Forward",
        messageFormat: "'{0}' has no influence on the result of Forward, so it is never trained; use it with Through({0}) or remove it",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0009.md");

    public static readonly DiagnosticDescriptor OutsideModel = new(
        id: "SPS0010",
        title: "Attribute has no effect outside a model",
        messageFormat: "[{0}] has no effect here; {1}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0010.md");

    public static readonly DiagnosticDescriptor ContainsItself = new(
        id: "SPS0011",
        title: "Model contains itself",
        messageFormat: "Model '{0}' contains itself ({1}), so it would have no end; remove one of these members",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0011.md");

    public static readonly DiagnosticDescriptor NestedModelUnreadable = new(
        id: "SPS0012",
        title: "Nested model cannot be read",
        messageFormat: "Member '{0}' cannot be built because its model '{1}' {2}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0012.md");

    public static readonly DiagnosticDescriptor NameTaken = new(
        id: "SPS0013",
        title: "Name is needed by generated code",
        messageFormat: "'{0}' {1}; choose another name",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0013.md");

    public static readonly DiagnosticDescriptor VariantOfUnreadable = new(
        id: "SPS0014",
        title: "Class cannot be a variant of this",
        messageFormat: "Variant '{0}' has no layers, because '{1}' {2}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0014.md");

    public static readonly DiagnosticDescriptor VariantMember = new(
        id: "SPS0015",
        title: "Variant declares what its model decides",
        messageFormat: "'{0}' is declared in a variant of '{1}', which decides on layers and Forward; {2}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0015.md");
}
