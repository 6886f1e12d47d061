using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Finds out which of the <see cref="OptionalMembers"/> a class leaves to the generator.</summary>
internal static class OptionalMemberReader
{
    /// <summary>A model with more inputs has no form with a span per input: the runtime takes so many.</summary>
    private const int MostSpans = 8;

    private const string Span = "ReadOnlySpan";

    private static readonly (OptionalMembers Member, string Name, string[] Parameters)[] Signatures =
    [
        (OptionalMembers.SignedSeed, WellKnownMemberNames.InstanceConstructorName, ["Int64"]),
        (OptionalMembers.CreateSigned, "Create", ["Int64"]),
        (OptionalMembers.PredictArray, "Predict", [Span]),
        (OptionalMembers.PredictClass, "PredictClass", [Span]),
        (OptionalMembers.PredictClasses, "PredictClasses", [Span]),
        (OptionalMembers.Text, nameof(ToString), []),
    ];

    /// <summary>Those that every model has.</summary>
    public static OptionalMembers Read(INamedTypeSymbol type)
    {
        var left = Without(OptionalMembers.All, type, Signatures);
        return HasInheritedText(type) ? left & ~OptionalMembers.Text : left;
    }

    /// <summary>Those that a model has beside them by the number of its inputs.</summary>
    /// <param name="type">The class.</param>
    /// <param name="found">What <see cref="Read(INamedTypeSymbol)"/> found.</param>
    /// <param name="inputs">How many inputs there are; 0 for a single one.</param>
    public static OptionalMembers Read(INamedTypeSymbol type, OptionalMembers found, int inputs)
    {
        if (inputs is < 2 or > MostSpans)
            return found & ~OptionalMembers.OfSeveralInputs;
        string[] spans = [.. Enumerable.Repeat(Span, inputs)];
        return Without(
            found,
            type,
            [
                (OptionalMembers.PredictSpans, "Predict", [.. spans, "Span"]),
                (OptionalMembers.PredictClassSpans, "PredictClass", spans),
                (OptionalMembers.PredictClassesSpans, "PredictClasses", spans),
            ]);
    }

    private static OptionalMembers Without(
        OptionalMembers left, INamedTypeSymbol type, IEnumerable<(OptionalMembers Member, string Name, string[] Parameters)> signatures)
    {
        foreach (var (member, name, parameters) in signatures)
        {
            // A constructor has the name of the class, which a member cannot have.
            if (type.GetMembers(name).Any(own => !own.IsImplicitlyDeclared && IsInTheWay(own, parameters)))
                left &= ~member;
        }
        return left;
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
