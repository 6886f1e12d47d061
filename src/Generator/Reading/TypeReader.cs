using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Checks that a class can be a model, and writes down how generated code declares it again.</summary>
internal static class TypeReader
{
    public static TypeSpec Read(INamedTypeSymbol type, TypeDeclarationSyntax declaration, DiagnosticSink sink)
    {
        CheckForm(type, declaration, sink);

        var containing = new List<string>();
        var hint = FileNameOf(type);
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            CheckContaining(outer, type, sink);
            containing.Insert(0, $"{Keywords(outer)} {NameWithParameters(outer)}");
            hint = $"{FileNameOf(outer)}.{hint}";
        }

        if (type.Arity > 0)
            sink.Report(Descriptors.ClassGeneric, declaration.TypeParameterList!, type.Name);
        else if (IsInGeneric(type))
            sink.Report(Descriptors.ClassGeneric, declaration.Identifier, type.Name);

        var space = NamespaceOf(type, escape: true);
        if (space.Length > 0)
            hint = $"{NamespaceOf(type, escape: false)}.{hint}";
        return new(
            space,
            Escape(type.Name),
            $"{Keywords(type)} {NameWithParameters(type)}",
            containing.ToEquatableArray(),
            FullName(type),
            hint,
            $"{hint}-{Number(hint, type)}",
            DeclaresDispose(type),
            OptionalMemberReader.Read(type));
    }

    /// <summary>
    /// Whether a type, or a type or namespace around it, has no name: half a declaration, as it stands while someone types.
    /// </summary>
    public static bool IsNameless(INamedTypeSymbol type)
    {
        for (ISymbol? around = type; around is not (null or INamespaceSymbol { IsGlobalNamespace: true }); around = around.ContainingSymbol)
        {
            if (around.Name.Length == 0 && around is INamespaceOrTypeSymbol)
                return true;
        }
        return false;
    }

    /// <summary>
    /// The name of a type as its own declaration has it, with <c>global::</c>; a good deal cheaper than a display string.
    /// </summary>
    public static string FullName(INamedTypeSymbol type)
    {
        var name = NameWithParameters(type);
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            name = $"{NameWithParameters(outer)}.{name}";
        var space = NamespaceOf(type, escape: true);
        return space.Length == 0 ? $"global::{name}" : $"global::{space}.{name}";
    }

    /// <summary>A name as an identifier: keywords get their <c>@</c> back.</summary>
    public static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private static string NameWithParameters(INamedTypeSymbol type) => type.Arity == 0
        ? Escape(type.Name)
        : $"{Escape(type.Name)}<{string.Join(", ", type.TypeParameters.Select(parameter => Escape(parameter.Name)))}>";

    private static string FileNameOf(INamedTypeSymbol type) => type.Arity == 0 ? type.Name : $"{type.Name}-{type.Arity}";

    /// <summary>
    /// Tells apart what has the same file name: a namespace from a class that contains another, a class from a record, upper from lower
    /// case, files of file-local types.
    /// </summary>
    private static string Number(string hint, INamedTypeSymbol type)
    {
        var hash = 0xCBF29CE484222325;
        Add(hint);
        for (var outer = type; outer is not null; outer = outer.ContainingType)
            Add($"{Keywords(outer)} {outer.Arity}{(outer.IsFileLocal ? outer.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath : "")}|");
        return hash.ToString("x16", CultureInfo.InvariantCulture);

        void Add(string text)
        {
            foreach (var letter in text)
                hash = unchecked((hash ^ letter) * 0x100000001B3);
        }
    }

    private static void CheckForm(INamedTypeSymbol type, TypeDeclarationSyntax declaration, DiagnosticSink sink)
    {
        if (IsNameless(type))
            sink.LeaveToCompiler();
        if (declaration is RecordDeclarationSyntax record)
        {
            sink.Report(Descriptors.ClassForm, record.Keyword, type.Name, "a record", "declare it as a class");
            return;
        }

        foreach (var modifier in declaration.Modifiers)
        {
            if (modifier.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.AbstractKeyword)
                sink.Report(Descriptors.ClassForm, modifier, type.Name, modifier.ValueText, $"remove '{modifier.ValueText}'");
            else if (modifier.IsKind(SyntaxKind.FileKeyword))
                sink.Report(Descriptors.ClassForm, modifier, type.Name, "local to its file", "remove 'file'");
        }

        if (!declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            sink.Report(Descriptors.ClassNotPartial, declaration.Identifier, type.Name);
    }

    private static void CheckContaining(INamedTypeSymbol outer, INamedTypeSymbol model, DiagnosticSink sink)
    {
        if (DeclarationOf(outer) is not { } declaration)
            return;
        if (!declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            sink.Report(Descriptors.ContainingTypeNotPartial, declaration.Identifier, outer.Name, model.Name);
        if (outer.IsFileLocal)
            sink.Report(Descriptors.ClassForm, declaration.Identifier, model.Name, "in a type that is local to its file", "remove 'file'");
    }

    private static bool DeclaresDispose(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers(nameof(IDisposable.Dispose)))
        {
            if (member is IMethodSymbol { Parameters.Length: 0 })
                return true;
        }

        return false;
    }

    private static bool IsInGeneric(INamedTypeSymbol type)
    {
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (outer.Arity > 0)
                return true;
        }

        return false;
    }

    private static string Keywords(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "partial interface",
        { TypeKind: TypeKind.Struct, IsRecord: true } => "partial record struct",
        { TypeKind: TypeKind.Struct } => "partial struct",
        { IsRecord: true } => "partial record",
        _ => "partial class",
    };

    private static TypeDeclarationSyntax? DeclarationOf(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as TypeDeclarationSyntax;

    private static string NamespaceOf(INamedTypeSymbol type, bool escape)
    {
        var name = "";
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            var part = escape ? Escape(space.Name) : space.Name;
            name = name.Length == 0 ? part : $"{part}.{name}";
        }

        return name;
    }
}
