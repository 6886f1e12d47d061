using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Layers;

namespace SparseSharp.Generator.Reading;

/// <summary>Finds classes with layers that nobody implements, because <c>[SparseModel]</c> is missing.</summary>
internal static class MissingMarkReader
{
    private const string Mark = nameof(SparseModelAttribute);

    /// <summary>A look at the syntax alone: few classes pass it that are not meant.</summary>
    public static bool MayMissMark(SyntaxNode node) =>
        node is ClassDeclarationSyntax or RecordDeclarationSyntax
            && node is TypeDeclarationSyntax type
            && !Has(type.AttributeLists, name => name is "SparseModel" or Mark)
            && type.Members.Any(IsPartialLayer);

    /// <summary>The first part of a class that has such layers; null where it is a model, or has none.</summary>
    public static TypeDeclarationSyntax? Find(INamedTypeSymbol type)
    {
        if (Vocabulary.IsModel(type))
            return null;
        foreach (var member in type.GetMembers())
        {
            if (member is IPropertySymbol property && IsLeft(property) && PartOf(property) is { } part && MayMissMark(part))
                return part;
        }
        return null;
    }

    /// <summary>Whether a property is a layer of such a class: what is said of the class is enough.</summary>
    public static bool IsLeft(IPropertySymbol property) =>
        property.IsPartialDefinition && Vocabulary.Find(property, AttributeRole.Layer) is not null;

    public static void Report(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Action<Diagnostic> report) =>
        new DiagnosticSink(report).Report(Descriptors.MarkMissing, declaration.Identifier, type.Name);

    private static TypeDeclarationSyntax? PartOf(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax().Parent as TypeDeclarationSyntax;

    private static bool IsPartialLayer(MemberDeclarationSyntax member) =>
        member is PropertyDeclarationSyntax property
            && property.Modifiers.Any(SyntaxKind.PartialKeyword)
            && Has(property.AttributeLists, name => (Catalogue.Find(name) ?? Catalogue.FindAttribute(name)) is not null);

    private static bool Has(SyntaxList<AttributeListSyntax> lists, Func<string, bool> isMeant)
    {
        foreach (var list in lists)
        {
            foreach (var attribute in list.Attributes)
            {
                var written = attribute.Name switch
                {
                    QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
                    AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
                    SimpleNameSyntax simple => simple.Identifier.ValueText,
                    _ => "",
                };
                if (isMeant(written))
                    return true;
            }
        }
        return false;
    }
}
