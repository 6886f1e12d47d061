using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

/// <summary>Of pruned gradients and activations.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor GradientsOfStaticMask = new(
        id: "SPS0054",
        title: "Gradients of a layer with a static mask are not pruned",
        messageFormat: "[{0}] has no effect on layer '{1}': under {2} the gradient is computed at kept weights only, which is cheaper; leave [{0}] out, or choose a policy under which all weights learn",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0054.md");

    public static readonly DiagnosticDescriptor BothOperandsPruned = new(
        id: "SPS0055",
        title: "Both operands of a weight gradient are pruned",
        messageFormat: "Layer '{0}' prunes both operands of its weight gradient, the gradient of the output and the input; keep one of [NMGradients] and [NMActivations] along the batch",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0055.md");

    public static readonly DiagnosticDescriptor DirectionUnknown = new(
        id: "SPS0056",
        title: "Along is not a direction",
        messageFormat: "{0} is not a direction; use PruneAlong.Features or PruneAlong.Batch",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0056.md");

    public static readonly DiagnosticDescriptor StraightThroughWithoutEffect = new(
        id: "SPS0057",
        title: "StraightThrough has no effect along the batch",
        messageFormat: "StraightThrough has no effect along the batch, where the gradient of the input never sees the pruned values; remove it, or use PruneAlong.Features",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0057.md");
}
