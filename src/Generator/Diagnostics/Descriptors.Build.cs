using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor LanguageVersion = new(
        id: "SPS0090",
        title: "C# language version is too low",
        messageFormat: "Model '{0}' needs C# 13 or later for partial properties, but the project uses C# {1}; set <LangVersion> to 13 or remove it",
        category: Build,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0090.md");

    public static readonly DiagnosticDescriptor NotOptimized = new(
        id: "SPS0091",
        title: "Kernels are compiled without JIT optimization",
        messageFormat: "The kernels of '{0}' will run about 50 times slower than they could, because {1}; {2}",
        category: Build,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0091.md");

    public static readonly DiagnosticDescriptor FastDebug = new(
        id: "SPS0092",
        title: "Debug build is kept fast",
        messageFormat: "The JIT optimizes this assembly in spite of the Debug build, for the kernels of '{0}'; "
            + "set <SparseSharpFastDebug>false</SparseSharpFastDebug> to debug without optimization",
        category: Build,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0092.md");
}
