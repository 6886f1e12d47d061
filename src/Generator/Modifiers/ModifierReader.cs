using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers;

/// <summary>Reads the modifiers of weight matrices: those of a layer, else the defaults of its class.</summary>
internal sealed class ModifierReader
{
    private readonly Annotations _ofClass;
    private readonly ModifierSpec?[] _defaults = new ModifierSpec?[Catalogue.All.Count];
    private readonly DiagnosticSink _sink;
    private readonly CancellationToken _cancellation;

    /// <summary>Reads the defaults.</summary>
    /// <param name="ofClass">The attributes of the class.</param>
    /// <param name="name">Its name.</param>
    /// <param name="sink">Takes what is wrong.</param>
    /// <param name="cancellation">Ends the checks.</param>
    public ModifierReader(Annotations ofClass, string name, DiagnosticSink sink, CancellationToken cancellation)
    {
        (_ofClass, _sink, _cancellation) = (ofClass, sink, cancellation);
        for (var place = 0; place < _defaults.Length; place++)
        {
            if (_ofClass.Modifier(place) is { } attribute)
                _defaults[place] = Catalogue.All[place].Read(new(attribute, name, Inherited: null), sink);
        }
    }

    /// <summary>A matrix with its modifiers; what does not fit it is reported.</summary>
    /// <param name="dense">The matrix without them.</param>
    /// <param name="place">The layer that it belongs to.</param>
    /// <param name="annotations">The attributes of the layer.</param>
    public MatrixSpec Read(MatrixSpec dense, MatrixPlace place, Annotations annotations)
    {
        var matrix = dense;
        AttributeData? mask = null;
        for (var index = 0; index < _defaults.Length; index++)
        {
            var modifier = Catalogue.All[index];
            var own = annotations.Modifier(index);
            if ((own ?? DefaultFor(index, annotations)) is not { } attribute)
                continue;
            if (modifier.DecidesMask)
                mask = attribute;
            var spec = own is null ? _defaults[index] : modifier.Read(new(own, place.Path, _defaults[index]), _sink);
            if (spec is not null)
                matrix = modifier.Apply(spec, matrix, new(place, attribute, IsDefault: own is null, mask, _sink, _cancellation));
        }
        return matrix;
    }

    /// <summary>The attribute of the class that reaches a layer without one of its own.</summary>
    private AttributeData? DefaultFor(int index, Annotations annotations)
    {
        var modifier = Catalogue.All[index];
        var isOff = (annotations.OptOut is not null && modifier.EndsAtDense) || (modifier.DecidesMask && annotations.DecidesMask);
        return isOff ? null : _ofClass.Modifier(index);
    }
}
