using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor NormalisationOption = new(
        id: "SPS0110",
        title: "Option of a normalisation is out of range",
        messageFormat: "Layer '{0}' has {1}; {2}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0110.md");

    public static readonly DiagnosticDescriptor NormalisationOfOne = new(
        id: "SPS0111",
        title: "Normalisation over a single value",
        messageFormat: "Layer '{0}' normalises single values, which leaves nothing of them; {1}",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0111.md");

    public static readonly DiagnosticDescriptor FixedRows = new(
        id: "SPS0112",
        title: "Fixed classifier has more classes than rows that can be told apart",
        messageFormat: "Layer '{0}' has {1} classes, but {2}; use at most {3} classes, or more features",
        category: Model,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0112.md");
}
