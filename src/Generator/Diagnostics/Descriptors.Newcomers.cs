using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

/// <summary>What is written first and does not mean what it seems to.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor PrimaryConstructor = new(
        id: "SPS0095",
        title: "Model has a primary constructor",
        messageFormat: "Model '{0}' has a primary constructor, which the constructors that make its layers could not call; remove the "
            + "parameters behind its name, and put what they are for into properties",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0095.md");

    public static readonly DiagnosticDescriptor ConstructorWithoutLayers = new(
        id: "SPS0096",
        title: "Constructor makes no layers",
        messageFormat: "This constructor of model '{0}' makes no layers, so all of them would be null; add ': this(seed)', with a seed "
            + "such as 1UL, which calls the generated constructor, or remove it",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0096.md");

    public static readonly DiagnosticDescriptor LayerWithoutAttribute = new(
        id: "SPS0097",
        title: "Partial property of a layer has no attribute",
        messageFormat: "Property '{0}' is a layer without a shape, so nobody implements it; write '{1}' with the numbers of features",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0097.md");

    public static readonly DiagnosticDescriptor MarkMissing = new(
        id: "SPS0098",
        title: "Class with layers has no [SparseModel]",
        messageFormat: "Class '{0}' has layers but no [SparseModel], so nothing is generated into it; put [SparseModel] on the class",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0098.md");

    public static readonly DiagnosticDescriptor ModelTooLarge = new(
        id: "SPS0099",
        title: "Model has too many layers or operations",
        messageFormat: "With '{0}' model '{1}' has more than {2} {3}, nested ones included, which is more than the compiler can take in "
            + "one method; use fewer and larger ones",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0099.md");

    public static readonly DiagnosticDescriptor FitNotEnumerated = new(
        id: "SPS0100",
        title: "Nothing is trained, because nobody enumerates Fit",
        messageFormat: "Fit trains while its reports are enumerated, which nobody does here, so nothing is trained; call Train instead, or "
            + "put the call into a foreach",
        category: Training,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0100.md");
}
