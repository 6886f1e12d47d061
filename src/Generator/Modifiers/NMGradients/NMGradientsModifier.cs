using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.NMGradients;

/// <summary>Reads <c>[NMGradients]</c> and checks it against the matrices that it applies to.</summary>
internal sealed class NMGradientsModifier : Modifier
{
    public override ImmutableArray<string> Attributes => ["NMGradients"];

    public override ImmutableArray<DiagnosticDescriptor> Diagnostics => [];

    public override ModifierSpec? Read(ModifierSource source, DiagnosticSink sink) =>
        GroupChecks.TryRead(source.Attribute, out var keep, out var group, sink)
            && GroupChecks.IsInRange(source.Attribute, keep, group, sink)
            ? new NMGradientsSpec(keep, group)
            : null;

    public override MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use) =>
        GroupChecks.AllWeightsLearn(matrix, use) ? matrix.With(spec) : matrix;
}
