using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>Says at every model whether the JIT may optimize its kernels in this build.</summary>
internal sealed class BuildReader(Compilation compilation, AnalyzerConfigOptions options)
{
    private readonly Lazy<(DiagnosticDescriptor Descriptor, string[] Reason)?> _finding = new(() => Find(compilation, options));

    public void Check(TypeDeclarationSyntax model, Action<Diagnostic> report)
    {
        if (_finding.Value is not var (descriptor, reason))
            return;

        object[] arguments = [model.Identifier.ValueText, .. reason];
        new DiagnosticSink(report).Report(descriptor, model.Identifier, arguments);
    }

    private static (DiagnosticDescriptor Descriptor, string[] Reason)? Find(Compilation compilation, AnalyzerConfigOptions options)
    {
        if (DebugBuild.UserAttribute(compilation) is { } mark)
        {
            return DebugBuild.DisablesOptimizer(mark)
                ? (Descriptors.NotOptimized, ["the assembly is marked with a Debuggable attribute that disables the JIT optimizer", "remove the attribute"])
                : null;
        }

        if (!DebugBuild.IsDebug(compilation))
            return null;
        return DebugBuild.IsSwitchedOff(options)
            ? (Descriptors.NotOptimized, ["this is a Debug build with <SparseSharpFastDebug>false</SparseSharpFastDebug>", "remove that setting"])
            : (Descriptors.FastDebug, []);
    }
}
