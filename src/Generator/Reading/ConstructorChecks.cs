using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>
/// Finds constructors that would make a model without its layers: the generated ones make them, and all others have to come to one of
/// these.
/// </summary>
internal static class ConstructorChecks
{
    public static void Run(INamedTypeSymbol model, TypeDeclarationSyntax declaration, TypeSpec declared, DiagnosticSink sink)
    {
        if (PrimaryOf(model) is { } primary)
            sink.Report(Descriptors.PrimaryConstructor, primary, model.Name);

        foreach (var constructor in model.InstanceConstructors)
        {
            // One with the parameters of a generated constructor is in its place, which is reported as such.
            if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ConstructorDeclarationSyntax syntax
                && !GeneratedFiles.Has(declared, syntax.SyntaxTree)
                && !syntax.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer)
                && !NameChecks.TakesAName(constructor))
            {
                sink.Report(Descriptors.ConstructorWithoutLayers, syntax.Identifier, model.Name);
            }
        }

        if (model.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: TypeKind.Class } basis
            && !CanBeCalledWithoutArguments(basis))
        {
            sink.Report(
                Descriptors.ClassForm,
                declaration.BaseList is { Types.Count: > 0 } bases ? bases.Types[0] : declaration.Identifier,
                model.Name,
                $"derived from '{basis.Name}', which has no constructor without parameters",
                $"give '{basis.Name}' one");
        }
    }

    /// <summary>The parameters behind the name of a class, in whichever part; null where there are none.</summary>
    public static ParameterListSyntax? PrimaryOf(INamedTypeSymbol model)
    {
        foreach (var reference in model.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is TypeDeclarationSyntax { ParameterList: { } parameters })
                return parameters;
        }
        return null;
    }

    private static bool CanBeCalledWithoutArguments(INamedTypeSymbol basis) => basis.InstanceConstructors.Any(
        constructor => constructor.DeclaredAccessibility != Accessibility.Private
            && constructor.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams));
}
