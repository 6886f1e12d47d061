namespace SparseSharp.Generator.Layers;

/// <summary>All kinds of layers. A new one is a line in <see cref="All"/>.</summary>
internal static class Catalogue
{
    /// <summary>The most common one first: what is said of no kind in particular is said of it.</summary>
    public static IReadOnlyList<LayerKind> All { get; } =
    [
        new LinearKind(),
        new Conv2dKind(),
        new BatchNormKind("BatchNorm2d", ofImages: true),
        new BatchNormKind("BatchNorm1d", ofImages: false),
        new LayerNormKind(),
        new GroupNormKind(),
        new FixedClassifierKind(),
    ];

    /// <summary>The kind of a class of layers, or null.</summary>
    /// <param name="name">The class, or the attribute as users write it.</param>
    public static LayerKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The kind of an attribute class, or null.</summary>
    /// <param name="name">The class, or the attribute as users may write it too.</param>
    public static LayerKind? FindAttribute(string name) =>
        name.EndsWith(nameof(Attribute), StringComparison.Ordinal) ? Find(name.Substring(0, name.Length - nameof(Attribute).Length)) : null;
}
