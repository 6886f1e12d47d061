using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Turns the symbol and the syntax of a <c>[SparseModel]</c> class into a <see cref="ModelSpec"/>.</summary>
internal sealed class ModelReader
{
    private readonly ReadingScope _scope;
    private readonly Dictionary<INamedTypeSymbol, NestedModel> _nested = new(SymbolEqualityComparer.Default);

    /// <summary>The models that are being read, outermost first: meeting one of them again is a loop.</summary>
    private readonly List<INamedTypeSymbol> _open = [];

    private ModelReader(ReadingScope scope) => _scope = scope;

    public CancellationToken Cancellation => _scope.Cancellation;

    /// <summary>Reads a class; null where anything about it is an error.</summary>
    /// <param name="type">A class with <c>[SparseModel]</c>.</param>
    /// <param name="scope">The compilation that declares it; afterwards, also what the result depends on.</param>
    /// <param name="report">Takes every diagnostic; null to discard them.</param>
    public static ModelSpec? Read(INamedTypeSymbol type, ReadingScope scope, Action<Diagnostic>? report) =>
        new ModelReader(scope).Read(type, new DiagnosticSink(report)).Spec;

    /// <summary>The declaration that carries <c>[SparseModel]</c>: where a diagnostic about the class is reported.</summary>
    public static TypeDeclarationSyntax? DeclarationOf(INamedTypeSymbol type) =>
        Vocabulary.Find(type, AttributeRole.Model)?.ApplicationSyntaxReference?.GetSyntax().Parent?.Parent as TypeDeclarationSyntax;

    /// <summary>Whether the file is written in a C# that has partial properties.</summary>
    public static bool IsLanguageKnown(TypeDeclarationSyntax declaration) =>
        ((CSharpParseOptions)declaration.SyntaxTree.Options).LanguageVersion >= LanguageVersion.CSharp13;

    /// <summary>Reads a model that is a member of the one being read. What is wrong with it is reported where it is declared.</summary>
    public NestedModel ReadNested(INamedTypeSymbol type)
    {
        if (_open.Contains(type, SymbolEqualityComparer.Default))
            return NestedModel.Faulty(NestedModel.WithErrors) with { Loop = type, Chain = type.Name };
        if (!SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _scope.Compilation.Assembly))
            return NestedModel.Faulty(NestedModel.Elsewhere);
        if (_nested.TryGetValue(type, out var known))
            return known;

        var model = Read(type, new DiagnosticSink(report: null));
        _nested.Add(type, model);
        return model;
    }

    private NestedModel Read(INamedTypeSymbol type, DiagnosticSink sink)
    {
        _scope.Cancellation.ThrowIfCancellationRequested();
        _scope.Add(type);
        if (DeclarationOf(type) is not { } declaration || !CheckLanguage(type, declaration, sink))
            return NestedModel.Faulty(NestedModel.WithErrors);

        _open.Add(type);
        var read = VariantReader.AttributeOf(type) is { } attribute
            ? ReadVariant(type, declaration, attribute, sink)
            : Read(type, declaration, TypeReader.Read(type, declaration, sink), variant: null, sink);
        _open.RemoveAt(_open.Count - 1);
        return read;
    }

    /// <summary>Reads a class whose layers and <c>Forward</c> are those of another one.</summary>
    private NestedModel ReadVariant(INamedTypeSymbol type, TypeDeclarationSyntax declaration, AttributeData attribute, DiagnosticSink sink)
    {
        if (VariantReader.ModelOf(type) is not { TypeKind: not TypeKind.Error } model)
        {
            // What the C# compiler cannot make a type of, it reports itself.
            if (VariantReader.IsUnderstood(attribute))
                Report(attribute.Argument(VariantReader.Property).ToString(), "is no class; name a model with typeof(…)");
            else
                sink.LeaveToCompiler();
            return NestedModel.Faulty(NestedModel.WithErrors);
        }

        var said = new List<Diagnostic>();
        if (FaultOf(type, model, said) is { } fault)
        {
            Report(model.Name, fault);
            return NestedModel.Faulty(NestedModel.WithErrors);
        }

        var places = sink.ForVariant(new(type, declaration.Identifier.GetLocation(), said));
        var declared = TypeReader.Read(type, declaration, places);
        var variant = new VariantReader(type, model, declared, places);
        variant.Check();
        return Read(type, declaration, declared, variant, places);

        void Report(string name, string fault) =>
            sink.Report(Descriptors.VariantOfUnreadable, attribute.Argument(VariantReader.Property), type.Name, name, fault);
    }

    /// <summary>Why a model cannot have a variant, as the end of a sentence; null where it can.</summary>
    /// <param name="type">The variant.</param>
    /// <param name="model">The model.</param>
    /// <param name="said">Receives what is said of the model.</param>
    private string? FaultOf(INamedTypeSymbol type, INamedTypeSymbol model, List<Diagnostic> said)
    {
        if (VariantReader.FaultOf(type, model, _scope.Compilation.Assembly) is { } fault)
            return fault;
        if (_open.Contains(model, SymbolEqualityComparer.Default))
            return $"contains '{type.Name}'";
        return Read(model, new DiagnosticSink(said.Add)).Spec is null ? NestedModel.WithErrors : null;
    }

    private NestedModel Read(
        INamedTypeSymbol type, TypeDeclarationSyntax declaration, TypeSpec declared, VariantReader? variant, DiagnosticSink sink)
    {
        var reader = new MemberReader(type, declared, variant, this, sink);
        var members = reader.Read();
        ConstructorChecks.Run(type, declaration, declared, sink);
        NameChecks.Run(type, declared, members, TorchReference.IsUsable(_scope.Compilation), sink);
        var source = variant?.Model ?? type;
        var graph = new ForwardReader(source, DeclarationOf(source)!, members, _scope, sink).Read();
        if (graph is null || sink.HasErrors)
            return reader.Loop ?? NestedModel.Faulty(NestedModel.WithErrors);
        declared = declared with { Optional = OptionalMemberReader.Read(type, declared.Optional, graph.Inputs.Count) };
        return new(new(declared, members.Layers.ToEquatableArray(), members.NestedModels.ToEquatableArray(), graph), Fault: "");
    }

    private static bool CheckLanguage(INamedTypeSymbol type, TypeDeclarationSyntax declaration, DiagnosticSink sink)
    {
        if (IsLanguageKnown(declaration))
            return true;

        var version = ((CSharpParseOptions)declaration.SyntaxTree.Options).LanguageVersion;
        sink.Report(Descriptors.LanguageVersion, declaration.Identifier, type.Name, version.ToDisplayString());
        return false;
    }
}

/// <summary>A model as its parents see it.</summary>
/// <param name="Spec">Null where it cannot be read.</param>
/// <param name="Fault">Why it cannot, as the end of a sentence.</param>
/// <param name="Loop">The model that it leads back to, where that is the reason.</param>
/// <param name="Chain">The names on the way there.</param>
internal sealed record NestedModel(ModelSpec? Spec, string Fault, INamedTypeSymbol? Loop = null, string Chain = "")
{
    /// <summary>The fault of a model that is compiled elsewhere.</summary>
    public const string Elsewhere = "is in another project; its source, which is read here, must be in this one";

    /// <summary>The fault of a model that has some, which are reported where it is declared.</summary>
    public const string WithErrors = "has errors of its own";

    public static NestedModel Faulty(string fault) => new(Spec: null, fault);
}
