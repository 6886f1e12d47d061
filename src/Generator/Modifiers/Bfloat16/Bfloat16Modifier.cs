using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.Bfloat16;

/// <summary>Reads <c>[Bfloat16]</c>.</summary>
internal sealed class Bfloat16Modifier : Modifier
{
    public override ImmutableArray<string> Attributes => ["Bfloat16"];

    public override ImmutableArray<DiagnosticDescriptor> Diagnostics => Bfloat16Diagnostics.All;

    /// <summary><c>[Dense]</c> says nothing of precision: a layer without zeros has the default of its class.</summary>
    public override bool EndsAtDense => false;

    public override ModifierSpec? Read(ModifierSource source, DiagnosticSink sink)
    {
        if (!source.Attribute.TryGet(0, out int value))
        {
            sink.LeaveToCompiler();
            return null;
        }

        var use = (Bfloat16Use)value;
        if (use is Bfloat16Use.Weights or Bfloat16Use.WeightsAndActivations)
            return new Bfloat16Spec(use);
        if (use != Bfloat16Use.None)
            sink.Report(Bfloat16Diagnostics.Bfloat16UseUnknown, source.Attribute.Argument(0), value);
        else if (source.Inherited is null)
            sink.Report(Bfloat16Diagnostics.Bfloat16WithoutEffect, source.Attribute.Syntax(), source.Owner);
        return null;
    }

    public override MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use) => matrix.With(spec);
}
