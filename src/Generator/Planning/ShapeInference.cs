using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>The shape of every value in a graph, and the places where they do not fit.</summary>
internal static class ShapeInference
{
    public static ShapeResult Infer(GraphSpec graph, EquatableArray<LayerSpec> layers)
    {
        var shapes = new Shape[graph.Nodes.Count];
        var errors = new List<ShapeError>();
        for (var index = 0; index < shapes.Length; index++)
        {
            var node = graph.Nodes[index];
            shapes[index] = node.Operation.Infer(new OperandShapes(index, node, shapes, layers, errors));
        }
        return new(new(shapes), errors.ToEquatableArray());
    }
}

/// <param name="Shapes">Per node of the graph.</param>
/// <param name="Errors">In order of the nodes; empty for a graph that fits.</param>
internal sealed record ShapeResult(EquatableArray<Shape> Shapes, EquatableArray<ShapeError> Errors)
{
    public bool IsValid => Errors.Count == 0;
}

/// <summary>Two shapes that should have equally many features.</summary>
/// <param name="Node">Index in <see cref="GraphSpec.Nodes"/> of the operation that does not fit.</param>
/// <param name="Expected">That of the layer's input, or of the left operand.</param>
/// <param name="Actual">That of the value that is fed, or of the right operand.</param>
internal sealed record ShapeError(int Node, Shape Expected, Shape Actual)
{
    /// <summary>What the operation takes and what to change, in words, where shapes alone do not say it; else null.</summary>
    public (string Takes, string Advice)? Words { get; init; }
}
