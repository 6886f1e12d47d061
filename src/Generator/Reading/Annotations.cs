using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>The attributes of the package on one property or class, by their role.</summary>
internal readonly struct Annotations
{
    public AttributeData? Layer { get; private init; }

    public AttributeData? Sparsity { get; private init; }

    public AttributeData? Gradients { get; private init; }

    public AttributeData? Activations { get; private init; }

    public AttributeData? Annealing { get; private init; }

    public AttributeData? Precision { get; private init; }

    public AttributeData? OptOut { get; private init; }

    /// <summary>All that say something of a layer and nothing without one.</summary>
    public IEnumerable<AttributeData> OnLayers => new[] { Sparsity, Gradients, Activations, Annealing, Precision, OptOut }.OfType<AttributeData>();

    /// <summary>Sorts the attributes of a symbol; of two that contradict each other the later one is reported.</summary>
    public static Annotations Of(ISymbol symbol, DiagnosticSink sink)
    {
        AttributeData? layer = null, sparsity = null, gradients = null, activations = null, annealing = null, precision = null, optOut = null;
        foreach (var attribute in symbol.GetAttributes())
        {
            switch (Vocabulary.RoleOf(attribute))
            {
                case AttributeRole.Layer:
                    layer ??= attribute;
                    break;

                case AttributeRole.Sparsity:
                    if ((sparsity ?? optOut) is { } earlier)
                        Conflict(attribute, earlier);
                    sparsity ??= attribute;
                    break;

                case AttributeRole.Gradients:
                    gradients ??= attribute;
                    break;

                case AttributeRole.Activations:
                    activations ??= attribute;
                    break;

                case AttributeRole.Annealing:
                    if (optOut is not null)
                        Conflict(attribute, optOut);
                    annealing ??= attribute;
                    break;

                case AttributeRole.Precision:
                    precision ??= attribute;
                    break;

                case AttributeRole.OptOut:
                    if ((sparsity ?? annealing) is { } before)
                        Conflict(attribute, before);
                    optOut ??= attribute;
                    break;
            }
        }

        return new()
        {
            Layer = layer,
            Sparsity = sparsity,
            Gradients = gradients,
            Activations = activations,
            Annealing = annealing,
            Precision = precision,
            OptOut = optOut,
        };

        void Conflict(AttributeData later, AttributeData earlier) => sink.Report(
            Descriptors.ConflictingSparsity, later.Syntax(), Vocabulary.ShortName(later), Vocabulary.ShortName(earlier), symbol.Name, Reason(later, earlier));

        static string Reason(AttributeData later, AttributeData earlier) =>
            Vocabulary.RoleOf(later) == AttributeRole.Sparsity && Vocabulary.RoleOf(earlier) == AttributeRole.Sparsity ? ", because each decides alone which weights exist" : "";
    }
}
