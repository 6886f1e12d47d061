using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Modifiers.GradientAnneal;

/// <summary>Of gradient annealing.</summary>
internal static class GradientAnnealDiagnostics
{
    public static ImmutableArray<DiagnosticDescriptor> All =>
    [
        AnnealRange, ThresholdRange, AnnealUnknown, AnnealWithoutEffect, AnnealFixed, AnnealPolicy, AnnealTransposable,
        TwoBudgets,
    ];

    public static readonly DiagnosticDescriptor AnnealRange = new(
        id: "SPS0061",
        title: "Setting of gradient annealing is out of range",
        messageFormat: "{0} is {1}; {2}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0061.md");

    public static readonly DiagnosticDescriptor ThresholdRange = new(
        id: "SPS0062",
        title: "Threshold starts where it would never move",
        messageFormat: "InitialThreshold is {0}; beyond {1} on either side the slope of the sigmoid is so small that the threshold would "
            + "never move, so choose one from -{1} to {1}, for example -5",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0062.md");

    public static readonly DiagnosticDescriptor AnnealUnknown = new(
        id: "SPS0063",
        title: "Setting of gradient annealing is not a member of its enumeration",
        messageFormat: "{0} is not a member of {1}; use one, for example {1}.{2}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0063.md");

    public static readonly DiagnosticDescriptor AnnealWithoutEffect = new(
        id: "SPS0064",
        title: "Setting of gradient annealing has no effect",
        messageFormat: "{0} has no effect {1}; remove it",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0064.md");

    public static readonly DiagnosticDescriptor AnnealFixed = new(
        id: "SPS0065",
        title: "Layer has no masked weights to anneal",
        messageFormat: "[GradientAnneal] anneals the gradient of masked weights, but layer '{0}' has none: {1}; {2}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0065.md");

    public static readonly DiagnosticDescriptor AnnealPolicy = new(
        id: "SPS0066",
        title: "Policy and gradient annealing contradict each other",
        messageFormat: "MaskPolicy.{0} has a rule of its own for masked weights of layer '{1}', and [GradientAnneal] has another; {2}",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0066.md");

    public static readonly DiagnosticDescriptor AnnealTransposable = new(
        id: "SPS0067",
        title: "Annealed soft threshold needs a row-wise mask",
        messageFormat: "A transposable {0} mask cannot be soft-thresholded: a tile may keep smaller weights than it drops; leave "
            + "Transposable out, or use NMAnnealing.HardNM or NMAnnealing.Intersect",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0067.md");

    public static readonly DiagnosticDescriptor TwoBudgets = new(
        id: "SPS0068",
        title: "Layer has two densities",
        messageFormat: "TopK gives layer '{0}' a density of {1}, and [{2}] another one; remove TopK or [{2}]",
        category: Descriptors.Sparsity,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0068.md");
}
