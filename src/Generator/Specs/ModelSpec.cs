using SparseSharp.Generator.Layers;

namespace SparseSharp.Generator.Specs;

/// <summary>Everything the output of one model depends on, and nothing else: plain values, no Roslyn type.</summary>
/// <param name="Layers">All layers, those of nested models included, in order of declaration (nested ones at their member's place).</param>
/// <param name="Members">Nested models, in order of declaration.</param>
internal sealed record ModelSpec(
    TypeSpec Type,
    EquatableArray<LayerSpec> Layers,
    EquatableArray<MemberModelSpec> Members,
    GraphSpec Graph);

/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Declaration">Keywords and name as the partial declaration repeats them, for example <c>partial class DigitNet</c>.</param>
/// <param name="Containing">Declarations of the containing types, outermost first.</param>
/// <param name="FullName">With <c>global::</c>.</param>
/// <param name="HintName">The file name without <c>.g.cs</c>, unless another class would have it too.</param>
/// <param name="UniqueName">The file name for that case: with a number that follows from all that tells classes apart.</param>
/// <param name="DeclaresDispose">Whether the user wrote a <c>Dispose()</c>, so that none may be emitted.</param>
/// <param name="Optional">Members that the user left to the generator.</param>
internal sealed record TypeSpec(
    string Namespace,
    string Name,
    string Declaration,
    EquatableArray<string> Containing,
    string FullName,
    string HintName,
    string UniqueName,
    bool DeclaresDispose = false,
    OptionalMembers Optional = OptionalMembers.All)
{
    public bool Has(OptionalMembers member) => (Optional & member) != 0;
}

/// <param name="Path">From the model, for example <c>Stem</c> or <c>First.Stem</c>.</param>
/// <param name="Keywords">As the property repeats them, for example <c>public partial</c>; empty for a layer of a nested model.</param>
/// <param name="Kind">What its attribute says.</param>
internal sealed record LayerSpec(string Path, string Keywords, KindSpec Kind)
{
    /// <summary>Whether the user wrote a documentation comment on the property: what is emitted would hide it.</summary>
    public bool IsDocumented { get; init; }

    public bool IsNested => Path.IndexOf('.') >= 0;
}

/// <param name="FirstLayer">Index of the member's first layer in <see cref="ModelSpec.Layers"/>.</param>
internal sealed record MemberModelSpec(string Name, string Modifiers, string TypeFullName, int FirstLayer, int LayerCount);
