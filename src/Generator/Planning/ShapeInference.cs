using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>Features of every value in a graph, and the places where they do not fit.</summary>
/// <remarks>A value whose features are unknown (0, because an attribute could not be read) fits everywhere, so one fault is reported once.</remarks>
internal static class ShapeInference
{
    public static ShapeResult Infer(GraphSpec graph, EquatableArray<LayerSpec> layers)
    {
        var features = new int[graph.Nodes.Count];
        var errors = new List<ShapeError>();
        for (var index = 0; index < features.Length; index++)
        {
            var node = graph.Nodes[index];
            features[index] = node.Operation.Infer(new OperandShapes(index, node, features, layers, errors));
        }
        return new(new(features), errors.ToEquatableArray());
    }
}

/// <param name="Features">Per node of the graph; 0 where unknown.</param>
/// <param name="Errors">In order of the nodes; empty for a graph that fits.</param>
internal sealed record ShapeResult(EquatableArray<int> Features, EquatableArray<ShapeError> Errors)
{
    public bool IsValid => Errors.Count == 0;
}

/// <summary>Two numbers of features that should be equal.</summary>
/// <param name="Node">Index in <see cref="GraphSpec.Nodes"/> of the operation that does not fit.</param>
/// <param name="Expected">Input features of the layer, or features of the left operand.</param>
/// <param name="Actual">Features of the value that is fed, or of the right operand.</param>
internal sealed record ShapeError(int Node, int Expected, int Actual);
