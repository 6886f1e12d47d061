using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.Generator.Reading;

/// <summary>What one file declares that can change the meaning of a type name in another: types, namespaces and global usings.</summary>
internal sealed class TreeFacts
{
    private static readonly ConditionalWeakTable<SyntaxTree, TreeFacts> _known = new();

    private readonly List<Fact> _facts = [];

    /// <summary>The facts of a file, once per version of it.</summary>
    public static TreeFacts Of(SyntaxTree tree) => _known.GetValue(tree, static tree => new TreeFacts(tree));

    private TreeFacts(SyntaxTree tree)
    {
        if (tree.GetRoot() is not CompilationUnitSyntax unit)
            return;

        foreach (var directive in unit.Usings)
        {
            if (!directive.GlobalKeyword.IsKind(SyntaxKind.None))
                _facts.Add(new(FactKind.GlobalUsing, "", directive.ToString()));
        }

        foreach (var member in unit.Members)
            Add(member, "");
    }

    public IReadOnlyList<Fact> All => _facts;

    private void Add(MemberDeclarationSyntax member, string container)
    {
        switch (member)
        {
            case BaseNamespaceDeclarationSyntax space:
                foreach (var part in space.Name.ToString().Split('.'))
                {
                    container = $"{container}.{part.Trim()}";
                    _facts.Add(new(FactKind.Namespace, part.Trim(), container));
                }

                foreach (var inner in space.Members)
                    Add(inner, container);
                break;

            case BaseTypeDeclarationSyntax type:
                var name = type.Identifier.ValueText;
                var arity = (type as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Count ?? 0;
                _facts.Add(new(FactKind.Type, name, $"{container}.{name}`{arity} {type.Modifiers} {type.BaseList}"));
                foreach (var inner in (type as TypeDeclarationSyntax)?.Members ?? default)
                    Add(inner, $"{container}.{name}`{arity}");
                break;

            case DelegateDeclarationSyntax function:
                _facts.Add(
                    new(FactKind.Type, function.Identifier.ValueText, $"{container}.{function.Identifier.ValueText} {function.Modifiers}"));
                break;
        }
    }

    /// <param name="Name">By which a lookup could find it.</param>
    /// <param name="Text">All that matters about it.</param>
    internal readonly record struct Fact(FactKind Kind, string Name, string Text);

    internal enum FactKind
    {
        Type,
        Namespace,
        GlobalUsing,
    }
}
