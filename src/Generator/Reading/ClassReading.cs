using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>What the generator makes of one class: a model, or what is wrong with it.</summary>
/// <param name="Model">Null where anything about the class is an error.</param>
/// <param name="Faults">Null where there is a model.</param>
internal sealed record ClassReading(ModelSpec? Model, ClassFaults? Faults)
{
    public TypeSpec Type => Model?.Type ?? Faults!.Stub.Type;
}

/// <summary>A class that is no model.</summary>
/// <param name="Stub">How it is declared.</param>
/// <param name="Reported">
/// What the generator reports, and the analyzer then does not. It is the one place of the pipeline that has locations, and with them syntax
/// trees: a diagnostic can be suppressed by a pragma only at a location in the source. There are some only where a build is going to fail,
/// and never in an editor.
/// </param>
internal sealed record ClassFaults(StubSpec Stub, EquatableArray<Diagnostic> Reported)
{
    /// <summary>
    /// The name of a feature that the package's props file switches on in builds that editors make to ask about a project. There the
    /// analyzer always runs, and its diagnostics have code fixes.
    /// </summary>
    public const string EditorFeature = "SparseSharpEditor";

    /// <summary>
    /// Reads what is left of a class with errors. The command-line compiler asks no analyzer where a declaration has errors of the
    /// compiler's own, such as a partial property in a class that is not partial. If the class has some even with its stub, what the
    /// analyzer would say has to be said here.
    /// </summary>
    /// <param name="type">The class.</param>
    /// <param name="declaration">The part that has <c>[SparseModel]</c>, or should have it.</param>
    /// <param name="compilation">The compilation that declares it.</param>
    /// <param name="report">Says what is wrong.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static ClassFaults Of(
        INamedTypeSymbol type, TypeDeclarationSyntax declaration, Compilation compilation, Action<Action<Diagnostic>> report,
        CancellationToken cancellation)
    {
        var stub = StubReader.Read(type, declaration);
        var found = new List<Diagnostic>();
        if (!declaration.SyntaxTree.Options.Features.ContainsKey(EditorFeature) && StopsTheCompiler(type, stub, compilation, cancellation))
            report(found.Add);
        return new(stub, found.ToEquatableArray());
    }

    private static bool StopsTheCompiler(INamedTypeSymbol type, StubSpec stub, Compilation compilation, CancellationToken cancellation)
    {
        var complete = compilation;
        if (stub.Surface != StubSurface.Nothing)
        {
            var options = (CSharpParseOptions)compilation.SyntaxTrees.First().Options;
            var tree = CSharpSyntaxTree.ParseText(StubEmitter.Emit(stub, isReported: false), options, cancellationToken: cancellation);
            complete = compilation.AddSyntaxTrees(tree);
            if (HasErrors(complete.GetSemanticModel(tree).GetDeclarationDiagnostics(cancellationToken: cancellation)))
                return true;
        }
        return type.DeclaringSyntaxReferences.Any(
            part => HasErrors(complete.GetSemanticModel(part.SyntaxTree).GetDeclarationDiagnostics(part.Span, cancellation)));

        static bool HasErrors(IEnumerable<Diagnostic> diagnostics) =>
            diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }
}
