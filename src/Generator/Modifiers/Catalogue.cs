using SparseSharp.Generator.Modifiers.Bfloat16;
using SparseSharp.Generator.Modifiers.BlockSparse;
using SparseSharp.Generator.Modifiers.GradientAnneal;
using SparseSharp.Generator.Modifiers.NMActivations;
using SparseSharp.Generator.Modifiers.NMGradients;
using SparseSharp.Generator.Modifiers.NMSparse;

namespace SparseSharp.Generator.Modifiers;

/// <summary>All modifiers of weight matrices. A new one is a line in <see cref="All"/>.</summary>
internal static class Catalogue
{
    /// <summary>In the order in which they change a matrix and its plan.</summary>
    public static IReadOnlyList<Modifier> All { get; } =
    [
        new NMSparseModifier(),
        new BlockSparseModifier(),
        new GradientAnnealModifier(),
        new NMGradientsModifier(),
        new NMActivationsModifier(),
        new Bfloat16Modifier(),
    ];

    private static readonly Dictionary<string, int> _places = All
        .SelectMany((modifier, place) => modifier.Attributes.Select(name => (name, place)))
        .ToDictionary(pair => pair.name + nameof(Attribute), pair => pair.place, StringComparer.Ordinal);

    /// <summary>The place in <see cref="All"/> of the modifier that an attribute class belongs to; -1 where there is none.</summary>
    public static int Find(string attributeClass) => _places.TryGetValue(attributeClass, out var place) ? place : -1;
}
