using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor LanguageVersion = new(
        id: "SPS0090",
        title: "C# language version is too low",
        messageFormat: "Model '{0}' needs C# 13 or later for partial properties, but the project uses C# {1}; set <LangVersion> to 13 or "
            + "remove it",
        category: Build,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0090.md");
}
