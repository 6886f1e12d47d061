using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Reading;

namespace SparseSharp.Generator;

/// <summary>Reports what is wrong with models: it reads them as the generator does, and keeps what the generator discards.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SparseModelAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Vocabulary.SparseModelAttribute) is null)
                return;

            var build = new BuildReader(start.Compilation, start.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
            start.RegisterSymbolAction(context => AnalyzeType(context, build), SymbolKind.NamedType);
            start.RegisterSymbolAction(static context => OrphanReader.Check(context.Symbol, context.ReportDiagnostic), SymbolKind.Property, SymbolKind.Parameter);
        });
    }

    private static void AnalyzeType(SymbolAnalysisContext context, BuildReader build)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (ModelReader.DeclarationOf(type) is { } declaration)
        {
            ModelReader.Read(type, new(context.Compilation, context.CancellationToken), context.ReportDiagnostic);
            build.Check(declaration, context.ReportDiagnostic);
        }
        else
        {
            OrphanReader.Check(type, context.ReportDiagnostic);
        }
    }
}
