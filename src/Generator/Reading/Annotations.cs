using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Modifiers;

namespace SparseSharp.Generator.Reading;

/// <summary>The attributes of the package on one property or class, by their role.</summary>
internal sealed class Annotations
{
    public static readonly Annotations None = new();

    private readonly AttributeData?[] _modifiers = new AttributeData?[Catalogue.All.Count];

    private Annotations()
    {
    }

    public AttributeData? Layer { get; private set; }

    public AttributeData? OptOut { get; private set; }

    /// <summary>Whether one of the attributes decides which weights exist.</summary>
    public bool DecidesMask => FirstModifier(modifier => modifier.DecidesMask) is not null;

    /// <summary>All that say something of a layer and nothing without one.</summary>
    public IEnumerable<AttributeData> OnLayers => _modifiers.Append(OptOut).OfType<AttributeData>();

    /// <summary>The attribute of a modifier, by its place in the catalogue; null where there is none.</summary>
    public AttributeData? Modifier(int place) => _modifiers[place];

    /// <summary>
    /// What counts for a variant whose class has these attributes. Those that say which weights exist replace all such attributes of the
    /// model together; each of the others replaces its own kind.
    /// </summary>
    /// <param name="model">The attributes of the class that it is a variant of.</param>
    public Annotations Over(Annotations model)
    {
        var merged = new Annotations();
        var saysWeights = OptOut is not null || FirstModifier(modifier => modifier.ContradictsDense) is not null;
        for (var place = 0; place < _modifiers.Length; place++)
        {
            var modifier = Catalogue.All[place];
            var isOff = modifier.ContradictsDense ? saysWeights : OptOut is not null && modifier.EndsAtDense;
            merged._modifiers[place] = _modifiers[place] ?? (isOff ? null : model._modifiers[place]);
        }
        return merged;
    }

    /// <summary>Sorts the attributes of a symbol; of two that contradict each other the later one is reported.</summary>
    public static Annotations Of(ISymbol symbol, DiagnosticSink sink)
    {
        var found = new Annotations();
        foreach (var attribute in symbol.GetAttributes())
        {
            switch (Vocabulary.RoleOf(attribute))
            {
                case AttributeRole.Layer:
                    found.Layer ??= attribute;
                    break;

                case AttributeRole.OptOut:
                    if (found.FirstModifier(modifier => modifier.ContradictsDense) is { } sparse)
                        Conflict(attribute, sparse);
                    found.OptOut ??= attribute;
                    break;

                case AttributeRole.Modifier:
                    found.AddModifier(attribute, Conflict);
                    break;
            }
        }
        return found;

        void Conflict(AttributeData later, AttributeData earlier)
        {
            var areModifiers = Vocabulary.RoleOf(later) == AttributeRole.Modifier && Vocabulary.RoleOf(earlier) == AttributeRole.Modifier;
            sink.Report(
                Descriptors.ConflictingSparsity,
                later.Syntax(),
                Vocabulary.ShortName(later),
                Vocabulary.ShortName(earlier),
                symbol.Name,
                areModifiers ? ", because each decides alone which weights exist" : "");
        }
    }

    private void AddModifier(AttributeData attribute, Action<AttributeData, AttributeData> conflict)
    {
        var place = Catalogue.Find(attribute.AttributeClass!.Name);
        var modifier = Catalogue.All[place];
        var other = modifier.DecidesMask ? FirstModifier(known => known.DecidesMask) : null;
        if ((other ?? (modifier.ContradictsDense ? OptOut : null)) is { } earlier)
            conflict(attribute, earlier);
        if (other is null)
            _modifiers[place] ??= attribute;
    }

    private AttributeData? FirstModifier(Func<Modifier, bool> condition)
    {
        for (var place = 0; place < _modifiers.Length; place++)
        {
            if (_modifiers[place] is { } attribute && condition(Catalogue.All[place]))
                return attribute;
        }
        return null;
    }
}
