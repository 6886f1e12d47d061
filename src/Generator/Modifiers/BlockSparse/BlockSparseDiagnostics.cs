using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Of blocks.</summary>
internal static class BlockSparseDiagnostics
{
    public static ImmutableArray<DiagnosticDescriptor> All =>
    [
        LearnedOptionWithoutSparsity, NothingDropsBlocks, BlockSparsityNotDyadic, BlockRowsNotMultipleOf4,
        BlockNoFactorisation, BlockNoGraph, BlockFactorsMismatch, BlockNarrow, BlockPlanned, BlocksNotDividing,
        BlockOptionRange, BlockOptionWithoutEffect, BlockSparsityRounded, BlockSparsityLowered,
    ];

    public static readonly DiagnosticDescriptor LearnedOptionWithoutSparsity = new(
        id: "SPS0058",
        title: "Option of learned blocks needs a sparsity",
        messageFormat: "{0} says how blocks are dropped until a sparsity is reached, but there is none: the penalty alone decides; set "
            + "Sparsity, or remove {0}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0058.md");

    public static readonly DiagnosticDescriptor NothingDropsBlocks = new(
        id: "SPS0069",
        title: "Nothing drops learned blocks",
        messageFormat: "A Penalty of 0 never drops a block; set Sparsity to say how many are dropped, or a Penalty such as {0}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0069.md");

    public static readonly DiagnosticDescriptor BlockSparsityNotDyadic = new(
        id: "SPS0070",
        title: "RBGP4 has no such sparsity",
        messageFormat: "RBGP4 halves the weights of a layer one to six times, so it has no sparsity of {0}; the nearest are {1}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0070.md");

    public static readonly DiagnosticDescriptor BlockRowsNotMultipleOf4 = new(
        id: "SPS0071",
        title: "Output features of an RBGP4 layer are not a multiple of 4",
        messageFormat: "Layer '{0}' has {1} output features, but in an RBGP4 layer {2} rows share their columns; change it to {3}, or {4} "
            + "to keep the layer dense",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0071.md");

    public static readonly DiagnosticDescriptor BlockNoFactorisation = new(
        id: "SPS0072",
        title: "Shape has no RBGP4 mask of this sparsity",
        messageFormat: "Layer '{0}', {1}, has no RBGP4 mask of sparsity {2}: {3}; {4}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0072.md");

    public static readonly DiagnosticDescriptor BlockNoGraph = new(
        id: "SPS0073",
        title: "No Ramanujan graph was found",
        messageFormat: "No graph for the mask of layer '{0}' is good enough: {1} is a Ramanujan graph; {2}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0073.md");

    public static readonly DiagnosticDescriptor BlockFactorsMismatch = new(
        id: "SPS0074",
        title: "Factors are not those of the layer",
        messageFormat: "The Factors of layer '{0}' {1}; they are {{ Uo, Vo, so, Ur, Vr, Ui, Vi, si, Ub, Vb }}, or leave them out to have "
            + "them planned",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0074.md");

    public static readonly DiagnosticDescriptor BlockNarrow = new(
        id: "SPS0075",
        title: "Blocks of an RBGP4 layer are narrow",
        messageFormat: "The blocks of layer '{0}' have {1} columns instead of {2}, which makes its products slower; pad its {3} input "
            + "features to {4}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0075.md");

    public static readonly DiagnosticDescriptor BlockPlanned = new(
        id: "SPS0076",
        title: "Plan of an RBGP4 layer",
        messageFormat: "The mask of layer '{0}' is {1}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0076.md");

    public static readonly DiagnosticDescriptor BlockSparsityLowered = new(
        id: "SPS0107",
        title: "RBGP4 layer has fewer zeros than the class asks for",
        messageFormat: "Layer '{0}' has a sparsity of {1} in place of the {2} of its class: {3} has no RBGP4 mask with more zeros",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0107.md");

    public static readonly DiagnosticDescriptor BlocksNotDividing = new(
        id: "SPS0077",
        title: "Blocks do not divide the layer",
        messageFormat: "Layer '{0}' has {1} {2} features, which blocks of {3} {4} do not divide; change it to {5}, or the blocks, or {6}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0077.md");

    public static readonly DiagnosticDescriptor BlockOptionRange = new(
        id: "SPS0078",
        title: "Option of block sparsity is out of range",
        messageFormat: "{0} is {1}; {2}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0078.md");

    public static readonly DiagnosticDescriptor BlockOptionWithoutEffect = new(
        id: "SPS0079",
        title: "Option has no effect with this kind of blocks",
        messageFormat: "{0} has no effect with {1}; remove it, or use {2}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0079.md");

    public static readonly DiagnosticDescriptor BlockSparsityRounded = new(
        id: "SPS0085",
        title: "Sparsity is rounded to whole blocks",
        messageFormat: "Layer '{0}' gets a sparsity of {1}, not {2}: only whole blocks are dropped; set Sparsity to {3}, or take smaller "
            + "blocks",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0085.md");
}
