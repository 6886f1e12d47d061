using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Modifiers.Bfloat16;

/// <summary>Of the precision of operands.</summary>
internal static class Bfloat16Diagnostics
{
    public static ImmutableArray<DiagnosticDescriptor> All =>
    [
        Bfloat16UseUnknown, Bfloat16WithoutEffect,
    ];

    public static readonly DiagnosticDescriptor Bfloat16UseUnknown = new(
        id: "SPS0080",
        title: "Use of bfloat16 is not a member of Bfloat16Use",
        messageFormat: "{0} is not a use of bfloat16; use Bfloat16Use.WeightsAndActivations, which is the default, Bfloat16Use.Weights, or "
            + "Bfloat16Use.None",
        category: Descriptors.Precision,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0080.md");

    public static readonly DiagnosticDescriptor Bfloat16WithoutEffect = new(
        id: "SPS0081",
        title: "Opting out of bfloat16 has no effect",
        messageFormat: "Bfloat16Use.None has no effect on '{0}', which is in float32 without it; remove [Bfloat16], or say what is "
            + "bfloat16",
        category: Descriptors.Precision,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Descriptors.Help + "SPS0081.md");
}
