using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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

            start.RegisterSymbolAction(AnalyzeType, SymbolKind.NamedType);
            start.RegisterSymbolAction(
                static context => OperationReader.Check((IMethodSymbol)context.Symbol, context.ReportDiagnostic), SymbolKind.Method);
            start.RegisterOperationAction(FitCheck.Run, OperationKind.Invocation);
            start.RegisterSymbolAction(
                static context => OrphanReader.Check(context.Symbol, context.ReportDiagnostic), SymbolKind.Property, SymbolKind.Parameter);
        });
    }

    private static void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (ModelReader.DeclarationOf(type) is { } declaration)
        {
            var found = new List<Diagnostic>();
            if (ModelReader.Read(type, new(context.Compilation, context.CancellationToken), found.Add) is not null
                || !IsReported(type, declaration, context.Compilation))
                found.ForEach(context.ReportDiagnostic);
        }
        else if (MissingMarkReader.Find(type) is { } unmarked)
        {
            if (!IsReported(type, unmarked, context.Compilation))
                MissingMarkReader.Report(type, unmarked, context.ReportDiagnostic);
        }
        else
        {
            OrphanReader.Check(type, context.ReportDiagnostic);
        }
    }

    /// <summary>
    /// Whether the generator has said what is wrong with a class: where it does, the command-line compiler asks no analyzer, but others
    /// may.
    /// </summary>
    private static bool IsReported(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Compilation compilation) =>
        GeneratedFiles.IsReported(TypeReader.Read(type, declaration, new DiagnosticSink(report: null)), compilation);
}
