using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>The layers and nested models of one class, by the names that <c>Forward</c> uses.</summary>
internal sealed class MemberTable
{
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);

    public List<LayerSpec> Layers { get; } = [];

    public List<MemberModelSpec> NestedModels { get; } = [];

    /// <summary>In order of declaration.</summary>
    public List<Member> All { get; } = [];

    public void Add(Member member)
    {
        All.Add(member);
        _members[member.Name] = member;
    }

    public Member? Find(string name) => _members.TryGetValue(name, out var member) ? member : null;
}

/// <summary>A property that <c>Forward</c> can feed a value through.</summary>
/// <param name="Name">As the semantic model spells it.</param>
/// <param name="Place">The property's name in its declaration.</param>
internal abstract record Member(string Name, SyntaxToken Place);

/// <param name="Layer">Index in <see cref="MemberTable.Layers"/>.</param>
internal sealed record LayerMember(string Name, SyntaxToken Place, int Layer) : Member(Name, Place);

/// <param name="TypeName">Of the nested model, for messages.</param>
/// <param name="FirstLayer">Index of its first layer in <see cref="MemberTable.Layers"/>.</param>
/// <param name="Graph">Its own graph; null where it could not be read, which has been reported.</param>
internal sealed record NestedMember(string Name, SyntaxToken Place, string TypeName, int FirstLayer, GraphSpec? Graph)
    : Member(Name, Place);
