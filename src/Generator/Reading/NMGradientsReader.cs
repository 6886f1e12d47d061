using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads <c>[NMGradients]</c> and checks it against the layers that it applies to.</summary>
internal static class NMGradientsReader
{
    /// <summary>Null where the pattern is not valid.</summary>
    public static GroupSpec? Read(AttributeData attribute, DiagnosticSink sink)
    {
        if (!attribute.TryGet(0, out int keep) || !attribute.TryGet(1, out int group))
        {
            sink.LeaveToCompiler();
            return null;
        }

        return NMSparseReader.CheckRange(attribute, keep, group, sink) ? new(keep, group) : null;
    }

    /// <summary>The layer with pruned gradients; unchanged, and reported, where only kept weights learn.</summary>
    public static LayerSpec Apply(GroupSpec? gradients, LayerSpec layer, AttributeData attribute, DiagnosticSink sink)
    {
        if (layer.Sparsity is not { KeepsMaskedWeights: false })
            return layer with { Gradients = gradients };

        sink.Report(Descriptors.GradientsOfStaticMask, attribute.Syntax(), Vocabulary.ShortName(attribute), layer.Path, layer.Sparsity.Source);
        return layer;
    }
}
