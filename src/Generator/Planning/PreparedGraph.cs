using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>A graph in which what operations do to their operands before, such as pruning, is a node of its own.</summary>
internal static class PreparedGraph
{
    public static GraphSpec Of(GraphSpec graph, EquatableArray<LayerSpec> layers)
    {
        var nodes = new List<NodeSpec>();
        var places = new int[graph.Nodes.Count];
        for (var index = 0; index < places.Length; index++)
        {
            var node = graph.Nodes[index];
            var preparation = node.Operation.Preparation(layers);
            var operands = node.Operands.Select(operand => places[operand]).ToArray();
            for (var operand = 0; operand < operands.Length && preparation is not null; operand++)
            {
                nodes.Add(new(preparation, operands[operand]));
                operands[operand] = nodes.Count - 1;
            }
            places[index] = nodes.Count;
            nodes.Add(new(node.Operation, operands));
        }
        return new(nodes.ToEquatableArray());
    }
}
