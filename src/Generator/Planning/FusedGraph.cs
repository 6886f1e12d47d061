using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>A node as the passes compute it.</summary>
/// <param name="Source">Index of the node in <see cref="GraphSpec.Nodes"/> whose value it has.</param>
/// <param name="Left">Index of the first operand in the fused graph, or -1.</param>
/// <param name="Right">Index of the second operand, or -1.</param>
/// <param name="Activation">Of an activation, and of a <see cref="NodeKind.Linear"/> that an activation is fused into.</param>
internal sealed record FusedNode(
    int Source, NodeKind Kind, int Left, int Right, int Layer, float Value, ActivationKind Activation, int Features);

/// <summary>
/// The forward graph without what is not computed: nodes that the output does not depend on, dropouts that are the identity, and
/// activations that are the only consumer of a linear layer, which its kernel applies.
/// </summary>
internal static class FusedGraph
{
    /// <returns>The nodes in order of evaluation: the input first, the output last unless it is the input.</returns>
    public static IReadOnlyList<FusedNode> Build(GraphSpec graph, EquatableArray<int> features, bool training)
    {
        var nodes = graph.Nodes;
        var same = SkipIdentities(nodes, training);
        var (uses, users) = CountUses(nodes, same);

        var position = new int[nodes.Count];
        var fused = new List<FusedNode>();
        for (var index = 0; index < nodes.Count; index++)
        {
            if (same[index] != index || (uses[index] == 0 && index > 0) || IsFusedAway(index))
                continue;
            var node = nodes[index];
            var activation = node.Kind.Activation();
            if (activation != ActivationKind.None && IsFusedAway(same[node.Left]))
                node = nodes[same[node.Left]];
            position[index] = fused.Count;
            fused.Add(new(index, node.Kind, Operand(node.Left), Operand(node.Right), node.Layer, node.Value, activation, features[index]));
        }
        return fused;

        int Operand(int index) => index < 0 ? -1 : position[same[index]];

        // A linear layer with one use, by an activation.
        bool IsFusedAway(int index) =>
            nodes[index].Kind == NodeKind.Linear && uses[index] == 1 && users[index] >= 0 && nodes[users[index]].Kind.Activation() != ActivationKind.None;
    }

    /// <summary>For each node the node that has its value: itself, or the operand of an identity.</summary>
    private static int[] SkipIdentities(EquatableArray<NodeSpec> nodes, bool training)
    {
        var same = new int[nodes.Count];
        for (var index = 0; index < same.Length; index++)
        {
            var node = nodes[index];
            same[index] = node.Kind == NodeKind.Dropout && (!training || node.Value == 0) ? same[node.Left] : index;
        }
        return same;
    }

    /// <summary>How often each node's value is used by the nodes the output depends on, and by which first; the output itself is used once more, by -1.</summary>
    private static (int[] Uses, int[] Users) CountUses(EquatableArray<NodeSpec> nodes, int[] same)
    {
        var (uses, users) = (new int[nodes.Count], new int[nodes.Count]);
        Use(nodes.Count - 1, -1);
        for (var index = nodes.Count - 1; index >= 0; index--)
        {
            if (uses[index] == 0)
                continue;
            Use(nodes[index].Left, index);
            Use(nodes[index].Right, index);
        }
        return (uses, users);

        void Use(int value, int user)
        {
            if (value < 0)
                return;
            uses[same[value]]++;
            users[same[value]] = user;
        }
    }
}
