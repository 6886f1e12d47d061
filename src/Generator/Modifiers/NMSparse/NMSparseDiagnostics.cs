using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Modifiers.NMSparse;

/// <summary>Of <c>[NMSparse]</c>.</summary>
internal static class NMSparseDiagnostics
{
    public static ImmutableArray<DiagnosticDescriptor> All =>
    [
        OutputsNotDivisible, RefreshRange, DecayRange, PolicyUnknown, DecayWithoutEffect, RefreshWithoutEffect,
        ThresholdTransposable, SecondMaskTransposable, RegrowWithoutEffect, RegrowRange,
    ];

    public static readonly DiagnosticDescriptor OutputsNotDivisible = new(
        id: "SPS0044",
        title: "Output features of a transposable layer are not divisible by M",
        messageFormat: "Layer '{0}' is transposable and has {1} output features, which groups of {2} do not divide; {3}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0044.md");

    public static readonly DiagnosticDescriptor RefreshRange = new(
        id: "SPS0046",
        title: "RefreshEvery is out of range",
        messageFormat: "RefreshEvery is {0}; it is the number of optimizer steps between two searches for a mask, at least 1, or 0 for the "
            + "default",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0046.md");

    public static readonly DiagnosticDescriptor DecayRange = new(
        id: "SPS0047",
        title: "Decay is out of range",
        messageFormat: "Decay is {0}; it must be a finite number that is not negative, usually near 0.0002",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0047.md");

    public static readonly DiagnosticDescriptor PolicyUnknown = new(
        id: "SPS0048",
        title: "Policy is not a mask policy",
        messageFormat: "{0} is not a mask policy; use a member of MaskPolicy",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0048.md");

    public static readonly DiagnosticDescriptor DecayWithoutEffect = new(
        id: "SPS0049",
        title: "Decay has no effect under this policy",
        messageFormat: "Decay has no effect under MaskPolicy.{0}, which does not pull masked weights to zero; remove it, or use "
            + "MaskPolicy.SrSte",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0049.md");

    public static readonly DiagnosticDescriptor RefreshWithoutEffect = new(
        id: "SPS0050",
        title: "RefreshEvery has no effect under this policy",
        messageFormat: "RefreshEvery has no effect under MaskPolicy.{0}: {1}; remove it, or use another policy",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0050.md");

    public static readonly DiagnosticDescriptor ThresholdTransposable = new(
        id: "SPS0051",
        title: "Soft threshold needs a row-wise mask",
        messageFormat: "A transposable {0} mask cannot be soft-thresholded: a tile may keep smaller weights than it drops; leave "
            + "Transposable out, or use another policy",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0051.md");

    public static readonly DiagnosticDescriptor SecondMaskTransposable = new(
        id: "SPS0052",
        title: "Bi-Mask needs a row-wise mask",
        messageFormat: "A transposable {0} mask serves the gradient of the input already and needs no second one; leave Transposable out, "
            + "or use MaskPolicy.SrSte",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0052.md");

    public static readonly DiagnosticDescriptor RegrowWithoutEffect = new(
        id: "SPS0059",
        title: "RegrowShare has no effect under this policy",
        messageFormat: "RegrowShare has no effect under MaskPolicy.{0}, which does not score masked weights by their gradient; remove it, "
            + "or use MaskPolicy.Regrow",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0059.md");

    public static readonly DiagnosticDescriptor RegrowRange = new(
        id: "SPS0060",
        title: "RegrowShare is out of range",
        messageFormat: "RegrowShare is {0}; it must be a finite number greater than 0 (for a mask that never changes use "
            + "MaskPolicy.Static)",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0060.md");
}
