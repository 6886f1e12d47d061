using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads <c>[Bfloat16]</c>.</summary>
internal static class Bfloat16Reader
{
    /// <summary>Which operands are rounded; none where the attribute is not valid.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="inherited">What holds without it: the default of the class for a layer, none for a class.</param>
    /// <param name="owner">The layer or class that has it.</param>
    /// <param name="sink">Takes what is wrong.</param>
    public static Bfloat16Use Read(AttributeData attribute, Bfloat16Use inherited, string owner, DiagnosticSink sink)
    {
        if (!attribute.TryGet(0, out int value))
        {
            sink.LeaveToCompiler();
            return Bfloat16Use.None;
        }

        var use = (Bfloat16Use)value;
        if (use is not (Bfloat16Use.None or Bfloat16Use.Weights or Bfloat16Use.WeightsAndActivations))
        {
            sink.Report(Descriptors.Bfloat16UseUnknown, attribute.Argument(0), value);
            return Bfloat16Use.None;
        }

        if (use == Bfloat16Use.None && inherited == Bfloat16Use.None)
            sink.Report(Descriptors.Bfloat16WithoutEffect, attribute.Syntax(), owner);
        return use;
    }
}
