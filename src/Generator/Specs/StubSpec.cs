namespace SparseSharp.Generator.Specs;

/// <summary>A class with errors: what it needs to be declared completely, so that the compiler gets as far as reporting them.</summary>
/// <param name="Properties">Partial properties that would be layers or nested models.</param>
/// <param name="Surface">How much of what users call can be declared as well.</param>
internal sealed record StubSpec(TypeSpec Type, EquatableArray<StubProperty> Properties, StubSurface Surface)
{
    /// <summary>The names of several inputs; empty for a single one.</summary>
    public EquatableArray<string> Inputs { get; init; } = EquatableArray<string>.Empty;
}

/// <summary>What of a model's surface a stub declares.</summary>
internal enum StubSurface
{
    /// <summary>Not even the class: nothing can be added to it.</summary>
    Nothing,

    /// <summary>Properties and the contract, because a name of the surface is taken.</summary>
    Contract,

    /// <summary>All but constructors, which a class with a primary constructor cannot have more of.</summary>
    Methods,

    All,
}

/// <param name="Modifiers">As the property repeats them, for example <c>public partial</c>.</param>
/// <param name="TypeFullName">As written, with <c>global::</c>.</param>
/// <param name="Accessors">Keywords and modifiers, for example <c>get</c> and <c>private set</c>.</param>
internal sealed record StubProperty(string Name, string Modifiers, string TypeFullName, EquatableArray<string> Accessors);
