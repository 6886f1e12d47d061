using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Modifiers.NMGradients;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.NMActivations;

/// <summary>Reads <c>[NMActivations]</c> and checks it against the matrices that it applies to.</summary>
internal sealed class NMActivationsModifier : Modifier
{
    private static readonly NMActivationsAttribute Defaults = new(1, 2);

    public override ImmutableArray<string> Attributes => ["NMActivations"];

    public override ImmutableArray<DiagnosticDescriptor> Diagnostics => NMActivationsDiagnostics.All;

    public override ModifierSpec? Read(ModifierSource source, DiagnosticSink sink)
    {
        var attribute = source.Attribute;
        if (!GroupChecks.TryRead(attribute, out var keep, out var group, sink))
            return null;

        var valid = GroupChecks.IsInRange(attribute, keep, group, sink);
        var along = (PruneAlong)attribute.Get(nameof(Defaults.Along), (int)Defaults.Along);
        var straightThrough = attribute.Get(nameof(Defaults.StraightThrough), Defaults.StraightThrough);
        if (along is not (PruneAlong.Features or PruneAlong.Batch))
        {
            sink.Report(NMActivationsDiagnostics.DirectionUnknown, attribute.Argument(nameof(Defaults.Along)), (int)along);
            valid = false;
        }
        else if (straightThrough && along == PruneAlong.Batch)
        {
            sink.Report(NMActivationsDiagnostics.StraightThroughWithoutEffect, attribute.Argument(nameof(Defaults.StraightThrough)));
        }

        return valid ? new NMActivationsSpec(keep, group, along, straightThrough) : null;
    }

    public override MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use)
    {
        var activations = (NMActivationsSpec)spec;
        if (activations.Along == PruneAlong.Features)
        {
            if (matrix.Depth > 0 && GroupChecks.DividesDepth(Descriptors.InputsNotDivisible, activations.Group, matrix, use))
                CheckChannels(activations.Group, matrix, use);
        }
        else if (!GroupChecks.AllWeightsLearn(matrix, use))
        {
            return matrix;
        }
        else if (matrix.Find<NMGradientsSpec>() is not null)
        {
            use.Sink.Report(NMActivationsDiagnostics.BothOperandsPruned, use.Attribute.Syntax(), use.Path);
        }
        return matrix.With(activations);
    }

    /// <summary>Reports channels of a tap that groups do not divide: a group goes over the channels of one pixel.</summary>
    private static void CheckChannels(int group, MatrixSpec matrix, ModifierUse use)
    {
        var channels = matrix.Depth / use.Place.Taps;
        if (channels % group == 0)
            return;
        var near = use.Place.NearestInputs(matrix.Depth, group * use.Place.Taps);
        use.Sink.Report(Descriptors.ChannelsNotDivisible, use.Depth, near, use.Path, channels, group, near);
    }
}
