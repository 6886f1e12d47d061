using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor OperationMethod = new(
        id: "SPS0101",
        title: "Method cannot be an operation",
        messageFormat: "'{0}' cannot be an operation because it {1}; its form is 'static float {0}(float x)' or 'static void {0}(PanelRows "
            + "x, PanelRows y)'",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0101.md");

    public static readonly DiagnosticDescriptor OperationGradient = new(
        id: "SPS0102",
        title: "Operation has no gradient",
        messageFormat: "The gradient of operation '{0}' {1}; its form is '{2}'",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0102.md");

    public static readonly DiagnosticDescriptor OperationOutputs = new(
        id: "SPS0103",
        title: "Outputs of an operation are not valid",
        messageFormat: "Outputs of operation '{0}' {1}",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0103.md");

    public static readonly DiagnosticDescriptor OperationUse = new(
        id: "SPS0104",
        title: "Operation cannot be applied",
        messageFormat: "Apply cannot use this: {0}",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0104.md");
}
