using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

/// <summary>Of pruned gradients and activations.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor GradientsOfStaticMask = new(
        id: "SPS0054",
        title: "Gradients of a layer with a static mask are not pruned",
        messageFormat: "[{0}] has no effect on layer '{1}': under MaskPolicy.{2} the gradient is computed at kept weights only, which is cheaper; choose another Policy or leave [{0}] out",
        category: Sparsity,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0054.md");
}
