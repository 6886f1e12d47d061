using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>
/// Remembers what classes were read as, because every edit anywhere makes the compiler ask for all of them again, and binding their
/// attributes is what takes the time.
/// </summary>
/// <remarks>
/// A result is used again only if it cannot have changed. It depends on
/// (1) the files that declare the model and its nested models: they must be the same objects as then;
/// (2) what the type names in these files mean, which the rest of the project can change only by declaring a type or a namespace of such a
/// name, by a base of one, or by a global using; <see cref="IsSameWorld"/> looks for these in the files that were edited;
/// (3) references and options: they must be the same objects. What depends on more, such as constants of other classes or inherited
/// members, is not remembered at all (<see cref="ReadingScope.IsLocal"/>).
/// </remarks>
internal sealed class ModelMemo
{
    private readonly ConditionalWeakTable<SyntaxTree, Dictionary<int, Entry>> _entries = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly WeakReference<Compilation?> _last = new(null);
    private object _world = new();

    /// <summary>The model that is declared at a node, if it was read before and cannot have changed.</summary>
    public ModelSpec? Find(SyntaxNode declaration, Compilation compilation)
    {
        lock (_names)
        {
            var world = WorldOf(compilation);
            return _entries.TryGetValue(declaration.SyntaxTree, out var entries)
                && entries.TryGetValue(declaration.SpanStart, out var entry)
                && entry.World == world
                && entry.Trees.All(compilation.ContainsSyntaxTree)
                ? entry.Model
                : null;
        }
    }

    public void Add(SyntaxNode declaration, ModelSpec model, ReadingScope scope)
    {
        if (!scope.IsLocal)
            return;

        lock (_names)
        {
            foreach (var tree in scope.Trees)
                AddNames(tree);
            _entries.GetOrCreateValue(declaration.SyntaxTree)[declaration.SpanStart] =
                new(model, [.. scope.Trees], WorldOf(scope.Compilation));
        }
    }

    private void AddNames(SyntaxTree tree)
    {
        foreach (var token in tree.GetRoot().DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken))
                _names.Add(token.ValueText);
        }
    }

    /// <summary>An object that stays the same as long as the names of all remembered models mean the same.</summary>
    private object WorldOf(Compilation compilation)
    {
        if (!_last.TryGetTarget(out var last) || last is null)
            _world = new();
        else if (ReferenceEquals(last, compilation))
            return _world;
        else if (!IsSameWorld(last, compilation))
            _world = new();

        _last.SetTarget(compilation);
        return _world;
    }

    private bool IsSameWorld(Compilation before, Compilation after)
    {
        if (!ReferenceEquals(before.Options, after.Options)
            || before.ExternalReferences != after.ExternalReferences
            || before.AssemblyName != after.AssemblyName)
            return false;

        var changes = new Dictionary<TreeFacts.Fact, int>();
        Count(before, without: after, -1);
        Count(after, without: before, +1);
        foreach (var change in changes)
        {
            if (change.Value != 0 && !IsNamespaceOf(change.Value > 0 ? before : after, change.Key))
                return false;
        }

        return true;

        void Count(Compilation compilation, Compilation without, int step)
        {
            foreach (var tree in compilation.SyntaxTrees)
            {
                if (without.ContainsSyntaxTree(tree))
                    continue;
                foreach (var fact in TreeFacts.Of(tree).All)
                {
                    if (IsRelevant(fact))
                        changes[fact] = (changes.TryGetValue(fact, out var count) ? count : 0) + step;
                }
            }
        }
    }

    private bool IsRelevant(TreeFacts.Fact fact) =>
        fact.Kind == TreeFacts.FactKind.GlobalUsing
        || _names.Contains(fact.Name)
        || (fact.Name.EndsWith("Attribute", StringComparison.Ordinal)
            && _names.Contains(fact.Name.Substring(0, fact.Name.Length - "Attribute".Length)));

    /// <summary>One more or one less file in a namespace that is there anyway changes no name.</summary>
    private static bool IsNamespaceOf(Compilation compilation, TreeFacts.Fact fact) =>
        fact.Kind == TreeFacts.FactKind.Namespace && compilation.SyntaxTrees.Any(tree => TreeFacts.Of(tree).All.Contains(fact));

    private sealed record Entry(ModelSpec Model, ImmutableArray<SyntaxTree> Trees, object World);
}
