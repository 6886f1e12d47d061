using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Fixes;

public sealed class ForwardSuppressorTests
{
    private const string Source =
        """
        [SparseModel]
        public partial class Net
        {
            [Linear(64, 8)] public partial Linear Stem { get; }
            Activation Forward([Input(64)] Activation x) => x.Through(Stem);
            private void Other() { }
        }

        public class NoModel { private void Forward() { } }
        """;

    [Theory]
    [InlineData("IDE0051")]
    [InlineData("CA1822")]
    [InlineData("CA1811")]
    public async Task OnlyTheForwardOfAModelIsSilenced(string id)
    {
        var compilation = new TestProject().Compile(Source);
        var analysis = await compilation
            .WithAnalyzers(
                [new Accuser(id), new ForwardSuppressor()],
                new CompilationWithAnalyzersOptions(new([]), null, true, false, reportSuppressedDiagnostics: true))
            .GetAllDiagnosticsAsync();

        var accused = analysis.Where(diagnostic => diagnostic.Id == id).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start);
        Assert.Equal([true, false, false], accused.Select(diagnostic => diagnostic.IsSuppressed));
    }

    /// <summary>Says of every method what analyzers of editors say of unused ones.</summary>
#pragma warning disable RS1001, RS1017, RS1036, RS2008, RS1038 // No analyzer that is delivered.
    private sealed class Accuser(string id) : DiagnosticAnalyzer
    {
        private readonly DiagnosticDescriptor _descriptor =
            new(id, "Unused", "Unused", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [_descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterSyntaxNodeAction(
                node => node.ReportDiagnostic(Diagnostic.Create(_descriptor, ((MethodDeclarationSyntax)node.Node).Identifier.GetLocation())), Microsoft.CodeAnalysis.CSharp.SyntaxKind.MethodDeclaration);
        }
    }
#pragma warning restore RS1001, RS1017, RS1036, RS2008, RS1038
}
