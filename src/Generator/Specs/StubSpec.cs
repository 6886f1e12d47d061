namespace SparseSharp.Generator.Specs;

/// <summary>A class with errors: what it needs to be declared completely, so that the compiler gets as far as reporting them.</summary>
/// <param name="Properties">Partial properties that would be layers or nested models.</param>
/// <param name="HasSurface">Whether what users call can be declared as well: none of its names is taken.</param>
internal sealed record StubSpec(TypeSpec Type, EquatableArray<StubProperty> Properties, bool HasSurface);

/// <param name="Modifiers">As the property repeats them, for example <c>public partial</c>.</param>
/// <param name="TypeFullName">As written, with <c>global::</c>.</param>
internal sealed record StubProperty(string Name, string Modifiers, string TypeFullName);
