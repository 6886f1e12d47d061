using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>
/// In an assembly that is marked <c>Debuggable(DisableOptimizations)</c> the JIT leaves every method as it is, and kernels run about 50
/// times slower. The C# compiler adds the mark to a Debug build unless the assembly has a <c>Debuggable</c> attribute already.
/// </summary>
internal static class DebugBuild
{
    public const string AttributeName = "System.Diagnostics.DebuggableAttribute";

    /// <summary>The file that the generator adds to a Debug build to keep it fast.</summary>
    public const string HintName = "SparseSharp.FastDebug.g.cs";

    /// <summary>The bit of <c>DebuggableAttribute.DebuggingModes</c> that switches the optimizer off.</summary>
    private const int DisableOptimizations = 256;

    public static bool IsDebug(Compilation compilation) => compilation.Options.OptimizationLevel == OptimizationLevel.Debug;

    /// <summary>Whether the project says <c>&lt;SparseSharpFastDebug&gt;false&lt;/SparseSharpFastDebug&gt;</c>.</summary>
    public static bool IsSwitchedOff(AnalyzerConfigOptions options) =>
        options.TryGetValue("build_property.SparseSharpFastDebug", out var value) && value.Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>The <c>Debuggable</c> attribute that the user wrote, if any; not the one that the generator adds.</summary>
    public static AttributeData? UserAttribute(Compilation compilation)
    {
        foreach (var attribute in compilation.Assembly.GetAttributes())
        {
            if (IsDebuggable(attribute.AttributeClass) && attribute.ApplicationSyntaxReference is { } reference
                && !reference.SyntaxTree.FilePath.EndsWith(HintName, StringComparison.Ordinal))
                return attribute;
        }

        return null;
    }

    /// <summary>Whether the JIT leaves an assembly with this attribute unoptimized.</summary>
    public static bool DisablesOptimizer(AttributeData debuggable)
    {
        var arguments = debuggable.ConstructorArguments;
        return arguments.Length switch
        {
            1 => arguments[0].Value is int modes && (modes & DisableOptimizations) != 0,
            2 => arguments[1].Value is true,
            _ => false,
        };
    }

    private static bool IsDebuggable(INamedTypeSymbol? type) =>
        type is { Name: "DebuggableAttribute", ContainingNamespace: { Name: "Diagnostics", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };
}
