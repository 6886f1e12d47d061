using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.Generator.Reading;

/// <summary>What a reading may look at, and a record of what its result depends on.</summary>
internal sealed class ReadingScope(Compilation compilation, CancellationToken cancellation)
{
    private readonly Dictionary<SyntaxTree, SemanticModel> _semantics = [];

    public Compilation Compilation => compilation;

    public CancellationToken Cancellation => cancellation;

    /// <summary>The files that declare the model and every model in it.</summary>
    public HashSet<SyntaxTree> Trees { get; } = [];

    /// <summary>
    /// Whether the result depends on nothing but those files and on what the type names in them mean: no constant is declared elsewhere, no
    /// member is inherited. See <see cref="ModelMemo"/>.
    /// </summary>
    public bool IsLocal { get; private set; } = true;

    /// <summary>Records that the result depends on a class.</summary>
    public void Add(INamedTypeSymbol type)
    {
        IsLocal &= type.ContainingType is null;
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            Trees.Add(reference.SyntaxTree);
            IsLocal = IsLocal
                && reference.GetSyntax(cancellation) is TypeDeclarationSyntax { BaseList: null } part
                && HasLiteralArguments(part);
        }
    }

    /// <summary>The value of a constant that is not a literal, if it is one.</summary>
    public Optional<object?> ConstantOf(ExpressionSyntax expression)
    {
        IsLocal = false;
        return SemanticsOf(expression.SyntaxTree).GetConstantValue(expression, cancellation);
    }

    /// <summary>The method that an expression names, if it names one.</summary>
    public IMethodSymbol? MethodOf(ExpressionSyntax expression)
    {
        IsLocal = false;
        var named = SemanticsOf(expression.SyntaxTree).GetMemberGroup(expression, cancellation);
        return named.Length == 1 ? named[0] as IMethodSymbol : null;
    }

    /// <summary>Whether every attribute of a class and its members is written with literals and members of our enumerations only.</summary>
    private bool HasLiteralArguments(TypeDeclarationSyntax part)
    {
        foreach (var node in part.DescendantNodes(static node => node is not (BlockSyntax or ArrowExpressionClauseSyntax)))
        {
            if (node is AttributeArgumentSyntax { Expression: var value } && !IsLiteral(value))
                return false;
        }

        return true;
    }

    private bool IsLiteral(ExpressionSyntax value) => value switch
    {
        LiteralExpressionSyntax or TypeOfExpressionSyntax => true,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax } => true,
        MemberAccessExpressionSyntax
        {
            Expression: IdentifierNameSyntax
            {
                Identifier.ValueText: nameof(
            MaskPolicy) or nameof(BlockKind) or nameof(BaseGraph)
            }
        } =>
            true,
        IdentifierNameSyntax name => Enum.IsDefined(typeof(BlockKind), name.Identifier.ValueText) && IsBlockKind(name),
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions.All(IsLiteral),
        CollectionExpressionSyntax collection =>
            collection.Elements.All(element => element is ExpressionElementSyntax { Expression: var item } && IsLiteral(item)),
        _ => false,
    };

    /// <summary>Whether a name that a global using brings into scope is a kind of blocks, and not a constant of the user.</summary>
    private bool IsBlockKind(IdentifierNameSyntax name) =>
        SemanticsOf(name.SyntaxTree).GetSymbolInfo(name, cancellation).Symbol is IFieldSymbol { ContainingType: var type }
            && Vocabulary.IsBlockKind(type);

    private SemanticModel SemanticsOf(SyntaxTree tree)
    {
        if (!_semantics.TryGetValue(tree, out var semantics))
            _semantics.Add(tree, semantics = compilation.GetSemanticModel(tree));
        return semantics;
    }
}
