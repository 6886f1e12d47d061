using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

/// <summary>Of the precision of operands.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor Bfloat16UseUnknown = new(
        id: "SPS0080",
        title: "Use of bfloat16 is not a member of Bfloat16Use",
        messageFormat: "{0} is not a use of bfloat16; use Bfloat16Use.WeightsAndActivations, which is the default, Bfloat16Use.Weights, or Bfloat16Use.None",
        category: Precision,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0080.md");

    public static readonly DiagnosticDescriptor Bfloat16WithoutEffect = new(
        id: "SPS0081",
        title: "Opting out of bfloat16 has no effect",
        messageFormat: "Bfloat16Use.None has no effect on '{0}', which is in float32 without it; remove [Bfloat16], or say what is bfloat16",
        category: Precision,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0081.md");
}
