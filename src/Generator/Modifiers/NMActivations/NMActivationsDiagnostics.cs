using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Modifiers.NMActivations;

/// <summary>Of pruned inputs.</summary>
internal static class NMActivationsDiagnostics
{
    public static ImmutableArray<DiagnosticDescriptor> All =>
    [
        BothOperandsPruned, DirectionUnknown, StraightThroughWithoutEffect,
    ];

    public static readonly DiagnosticDescriptor BothOperandsPruned = new(
        id: "SPS0055",
        title: "Both operands of a weight gradient are pruned",
        messageFormat: "Layer '{0}' prunes both operands of its weight gradient, the gradient of the output and the input; keep one of "
            + "[NMGradients] and [NMActivations] along the batch",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0055.md");

    public static readonly DiagnosticDescriptor DirectionUnknown = new(
        id: "SPS0056",
        title: "Along is not a direction",
        messageFormat: "{0} is not a direction; use PruneAlong.Features or PruneAlong.Batch",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0056.md");

    public static readonly DiagnosticDescriptor StraightThroughWithoutEffect = new(
        id: "SPS0057",
        title: "StraightThrough has no effect along the batch",
        messageFormat: "StraightThrough has no effect along the batch, where the gradient of the input never sees the pruned values; "
            + "remove it, or use PruneAlong.Features",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0057.md");
}
