using System.Text;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Documentation;

/// <summary>What users can compile against: a change of it is seen in the snapshot.</summary>
public sealed class PublicApiTests
{
    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    [Theory]
    [InlineData("SparseSharp")]
    [InlineData("SparseSharp.Attributes")]
    public void Assembly(string name)
    {
        var compilation = new TestProject().Compile();
        var assembly = compilation.SourceModule.ReferencedAssemblySymbols.Single(referenced => referenced.Name == name);
        var text = new StringBuilder();
        foreach (var type in Types(assembly.GlobalNamespace).OrderBy(type => type.ToDisplayString(TypeFormat), StringComparer.Ordinal))
        {
            text.Append(type.ToDisplayString(TypeFormat)).Append('\n');
            foreach (var member in type.GetMembers()
                .Where(IsShown)
                .Select(member => member.ToDisplayString(MemberFormat))
                .Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }
        Snapshot.Match(text.ToString(), name);
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) =>
        container.GetMembers().SelectMany(member => member switch
        {
            INamespaceSymbol space => Types(space),
            // What the compiler makes of extension blocks has names that nobody can write.
            INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true } type => [type, .. Types(type)],
            _ => [],
        });

    /// <summary>Accessors are shown by their properties, and what the compiler adds to records tells nothing.</summary>
    private static bool IsShown(ISymbol member) =>
        member is
    {
        DeclaredAccessibility: Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal,
        IsImplicitlyDeclared: false
    }
        and not INamedTypeSymbol
        and not IMethodSymbol { AssociatedSymbol: not null }
        && !(member.ContainingType.IsRecord && member.Name is "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "<Clone>$" or "Deconstruct" or "EqualityContract" or "op_Equality" or "op_Inequality");
}
