using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Testing;

/// <summary>Reads a class of a test and writes its graph as one line.</summary>
internal static class ModelReading
{
    /// <summary>Reads a class; fails on every diagnostic.</summary>
    public static ModelSpec Read(string source, string type = "Net")
    {
        var compilation = new TestProject().Compile(source);
        Assert.Empty(
            compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != "CS9248"));

        var found = new List<Diagnostic>();
        var model = ModelReader.Read(compilation.GetTypeByMetadataName(type)!, new(compilation, CancellationToken.None), found.Add);
        Assert.Empty(found);
        return Assert.IsType<ModelSpec>(model);
    }

    /// <summary>For example <c>x | 1 = Stem(0) | 2 = Relu(1) | 3 = Add(1, 2)</c>, with a layer as the function that it is.</summary>
    public static string Describe(ModelSpec model) => string.Join(" | ", model.Graph.Nodes.Select((node, index) => node.Operation switch
    {
        Input => "x",
        LinearProduct product => $"{index} = {model.Layers[product.Layer].Path}({Operands(node)})",
        Scale scale => $"{index} = Scale({Operands(node)}, {Number(scale.Factor)})",
        Shift shift => $"{index} = Shift({Operands(node)}, {Number(shift.Term)})",
        Dropout dropout => $"{index} = Dropout({Operands(node)}, {Number(dropout.Probability)})",
        var operation => $"{index} = {operation.Name}({Operands(node)})",
    }));

    private static string Operands(NodeSpec node) => string.Join(", ", node.Operands);

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);
}
