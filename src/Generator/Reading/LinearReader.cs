using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Modifiers;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads <c>[Linear]</c>.</summary>
internal static class LinearReader
{
    private static readonly LinearAttribute Defaults = new(1, 1);

    /// <summary>Where the shape of its matrix is given.</summary>
    public static MatrixPlace PlaceOf(AttributeData attribute, string path) => new(path, attribute, RowsArgument: 1, DepthArgument: 0);

    /// <summary>The layer, still dense; a dimension that is not valid is 0, which shape inference takes as unknown.</summary>
    public static LayerSpec Read(AttributeData attribute, string path, string keywords, DiagnosticSink sink)
    {
        if (!attribute.TryGet(0, out int inputs) || !attribute.TryGet(1, out int outputs))
        {
            sink.LeaveToCompiler();
            return new(path, keywords, new(rows: 0, depth: 0), Bias: true);
        }

        inputs = Checked(0, inputs, "input features");
        outputs = Checked(1, outputs, "output features");
        if ((long)inputs * outputs > int.MaxValue)
        {
            var place = attribute.Argument(1);
            sink.Report(Descriptors.LinearDimension, place, path, (long)inputs * outputs, "weights", $"keep them at most {int.MaxValue}");
        }

        return new(path, keywords, new(outputs, inputs), attribute.Get(nameof(Defaults.Bias), Defaults.Bias));

        int Checked(int argument, int features, string what)
        {
            if (features > 0)
                return features;
            sink.Report(Descriptors.LinearDimension, attribute.Argument(argument), path, features, what, "give it at least 1");
            return 0;
        }
    }
}
