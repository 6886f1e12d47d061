using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Finds out which of the <see cref="OptionalMembers"/> a class leaves to the generator.</summary>
internal static class OptionalMemberReader
{
    private static readonly (OptionalMembers Member, string Name, string[] Parameters)[] Signatures =
    [
        (OptionalMembers.SignedSeed, WellKnownMemberNames.InstanceConstructorName, ["Int64"]),
        (OptionalMembers.CreateSigned, "Create", ["Int64"]),
        (OptionalMembers.PredictArray, "Predict", ["ReadOnlySpan"]),
        (OptionalMembers.PredictClass, "PredictClass", ["ReadOnlySpan"]),
        (OptionalMembers.PredictClasses, "PredictClasses", ["ReadOnlySpan"]),
        (OptionalMembers.Text, nameof(ToString), []),
    ];

    public static OptionalMembers Read(INamedTypeSymbol type)
    {
        var left = OptionalMembers.All;
        foreach (var (member, name, parameters) in Signatures)
        {
            // A constructor has the name of the class, which a member cannot have.
            if (type.GetMembers(name).Any(own => !own.IsImplicitlyDeclared && IsInTheWay(own, parameters)))
                left &= ~member;
        }
        return HasInheritedText(type) ? left & ~OptionalMembers.Text : left;
    }

    /// <summary>A property or a type takes a name altogether, a method only with the same parameters.</summary>
    private static bool IsInTheWay(ISymbol member, string[] parameters) =>
        member is not IMethodSymbol { Arity: 0 } method
            || method.Parameters.Select(parameter => parameter.Type.Name).SequenceEqual(parameters);

    /// <summary>A base class that says how it is written may also forbid that others do.</summary>
    private static bool HasInheritedText(INamedTypeSymbol type)
    {
        for (var basis = type.BaseType; basis is { SpecialType: not SpecialType.System_Object }; basis = basis.BaseType)
        {
            if (basis.GetMembers(nameof(ToString)).Any(member => member is not IMethodSymbol { Parameters.Length: > 0 }))
                return true;
        }
        return false;
    }
}
