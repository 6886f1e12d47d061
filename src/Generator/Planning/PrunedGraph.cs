using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>A graph in which the inputs of layers that prune them along their features are pruned.</summary>
internal static class PrunedGraph
{
    public static GraphSpec Of(GraphSpec graph, EquatableArray<LayerSpec> layers)
    {
        var nodes = new List<NodeSpec>();
        var places = new int[graph.Nodes.Count];
        for (var index = 0; index < places.Length; index++)
        {
            var node = graph.Nodes[index];
            node = node with { Left = Moved(node.Left), Right = Moved(node.Right) };
            if (node.Kind == NodeKind.Linear && layers[node.Layer].Activations is { Along: PruneAlong.Features } pruned)
            {
                nodes.Add(new(NodeKind.Prune, node.Left, Layer: node.Layer, Value: pruned.StraightThrough ? 1 : 0));
                node = node with { Left = nodes.Count - 1 };
            }
            places[index] = nodes.Count;
            nodes.Add(node);
        }
        return graph with { Nodes = nodes.ToEquatableArray() };

        int Moved(int operand) => operand < 0 ? -1 : places[operand];
    }
}
