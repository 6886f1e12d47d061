using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

/// <summary>Of several modifiers of matrices.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor ChannelsNotDivisible = new(
        id: "SPS0106",
        title: "Input channels are not divisible by M",
        messageFormat: "Each weight of layer '{0}' reaches over {1} channels, which groups of {2} do not divide; change them to {3}, or put "
            + "[Dense] on the layer",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0106.md");

    public static readonly DiagnosticDescriptor ConflictingSparsity = new(
        id: "SPS0040",
        title: "Sparsity attributes contradict each other",
        messageFormat: "[{0}] contradicts [{1}] on the same layer '{2}'{3}; keep one of them",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0040.md");

    public static readonly DiagnosticDescriptor SparsityWithoutLayer = new(
        id: "SPS0041",
        title: "Attribute of a layer on a property that is none",
        messageFormat: "[{0}] has no effect on '{1}', which has no layer attribute; add one, for example [Linear(784, 10)], or remove "
            + "[{0}]",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0041.md");

    public static readonly DiagnosticDescriptor PatternRange = new(
        id: "SPS0042",
        title: "N or M is out of range",
        messageFormat: "There is no {0}:{1} pattern: N of every M are kept, with N at least 1 and less than M, and M at most {2}; {3}",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0042.md");

    public static readonly DiagnosticDescriptor InputsNotDivisible = new(
        id: "SPS0043",
        title: "Input features are not divisible by M",
        messageFormat: "Layer '{0}' has {1} input features, which groups of {2} do not divide; {3}",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0043.md");

    public static readonly DiagnosticDescriptor LayerTooSmall = new(
        id: "SPS0045",
        title: "Layer is too small for sparsity to pay",
        messageFormat: "Layer '{0}' has {1} weights; below {2} a sparse layer is hardly faster than a dense one, so {3}",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0045.md");

    public static readonly DiagnosticDescriptor GradientsOfStaticMask = new(
        id: "SPS0054",
        title: "Gradients of a layer with a static mask are not pruned",
        messageFormat: "[{0}] has no effect on layer '{1}': under {2} the gradient is computed at kept weights only, which is cheaper; "
            + "leave [{0}] out, or choose a policy under which all weights learn",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0054.md");
}
