using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads <c>[NMActivations]</c> and checks it against the layers that it applies to.</summary>
internal static class NMActivationsReader
{
    private static readonly NMActivationsAttribute Defaults = new(1, 2);

    /// <summary>Null where the attribute is not valid.</summary>
    public static ActivationSpec? Read(AttributeData attribute, DiagnosticSink sink)
    {
        if (!attribute.TryGet(0, out int keep) || !attribute.TryGet(1, out int group))
        {
            sink.LeaveToCompiler();
            return null;
        }

        var valid = NMSparseReader.CheckRange(attribute, keep, group, sink);
        var along = (PruneAlong)attribute.Get(nameof(Defaults.Along), (int)Defaults.Along);
        var straightThrough = attribute.Get(nameof(Defaults.StraightThrough), Defaults.StraightThrough);
        if (along is not (PruneAlong.Features or PruneAlong.Batch))
        {
            sink.Report(Descriptors.DirectionUnknown, attribute.Argument(nameof(Defaults.Along)), (int)along);
            valid = false;
        }
        else if (straightThrough && along == PruneAlong.Batch)
        {
            sink.Report(Descriptors.StraightThroughWithoutEffect, attribute.Argument(nameof(Defaults.StraightThrough)));
        }

        return valid ? new(keep, group, along, straightThrough) : null;
    }

    /// <summary>The layer with a pruned input; unchanged, and reported, where that is not possible.</summary>
    public static LayerSpec Apply(
        ActivationSpec? activations, LayerSpec layer, AttributeData layerAttribute, AttributeData attribute, bool isDefault, DiagnosticSink sink)
    {
        if (activations is null)
            return layer;
        if (activations.Along == PruneAlong.Features)
        {
            if (layer.Inputs > 0 && !NMRules.Divides(activations.Group, layer.Inputs))
                NMSparseReader.ReportInputs(layer, activations.Group, layerAttribute, attribute, isDefault, sink);
        }
        else if (layer.Sparsity is { KeepsMaskedWeights: false })
        {
            sink.Report(Descriptors.GradientsOfStaticMask, attribute.Syntax(), Vocabulary.ShortName(attribute), layer.Path, layer.Sparsity.Source);
            return layer;
        }
        else if (layer.Gradients is not null)
        {
            sink.Report(Descriptors.BothOperandsPruned, attribute.Syntax(), layer.Path);
        }

        return layer with { Activations = activations };
    }
}
