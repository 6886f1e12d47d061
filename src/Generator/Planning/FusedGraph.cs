using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Planning;

/// <summary>A node as the passes compute it.</summary>
/// <param name="Source">Index of the node in <see cref="GraphSpec.Nodes"/> whose value it has.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Operands">Indices of the operands in the fused graph.</param>
/// <param name="Epilogue">The activation that is fused into the operation, or none.</param>
/// <param name="Layout">Of the value.</param>
internal sealed record FusedNode(
    int Source, Operation Operation, EquatableArray<int> Operands, ActivationKind Epilogue, ValueLayout Layout)
{
    /// <summary>Lines around the value that its readers take for padding.</summary>
    public int ReadBorder { get; init; }

    /// <summary>Whether readers of its parts take lines from those beside them.</summary>
    public bool ReadsEdges { get; init; }

    /// <summary>Whether an activation is fused into the operation.</summary>
    public bool IsFused => Epilogue != ActivationKind.None;

    /// <summary>The function whose result the value is: the fused one, or the one that is all the operation does.</summary>
    public ActivationKind Activation => IsFused ? Epilogue : Operation.Function;
}

/// <summary>
/// The forward graph without what is not computed: nodes that the output does not depend on, dropouts that are the identity, and
/// activations that are the only consumer of a linear layer, which its kernel applies. In predictions a convolution applies the batch
/// normalisation of its result, and adds another value to it.
/// </summary>
internal static class FusedGraph
{
    /// <returns>The nodes in order of evaluation: the input first, the output last unless it is the input.</returns>
    public static IReadOnlyList<FusedNode> Build(ImageGraph images, bool training)
    {
        var nodes = images.Graph.Nodes;
        var same = SkipIdentities(nodes, training);
        var (uses, users) = CountUses(nodes, same);
        if (!training)
        {
            nodes = Absorb(nodes, same, uses);
            (uses, users) = CountUses(nodes, same);
        }

        var position = new int[nodes.Count];
        var fused = new List<FusedNode>();
        for (var index = 0; index < nodes.Count; index++)
        {
            if (same[index] != index || (uses[index] == 0 && index > 0) || IsFusedAway(index))
                continue;
            var (node, epilogue) = (nodes[index], ActivationKind.None);
            if (node.Operation.Function != ActivationKind.None && IsFusedAway(same[node.Operands[0]]))
                (node, epilogue) = (nodes[same[node.Operands[0]]], node.Operation.Function);
            var operands = node.Operands.Select(operand => position[same[operand]]).ToEquatableArray();
            position[index] = fused.Count;
            fused.Add(new(index, node.Operation, operands, epilogue, images.Layouts[index])
            {
                ReadBorder = images.ReadBorders[index],
                ReadsEdges = images.Parts.ReadsEdges[index],
            });
        }
        return fused;

        // A product with one use, by an activation.
        bool IsFusedAway(int index) =>
            uses[index] == 1 && users[index] >= 0 && nodes[users[index]].Operation.Function is var function
            && function != ActivationKind.None && nodes[index].Operation.Fuses(function);
    }

    /// <summary>
    /// The graph with operations in place of those that the ones before them can do as well. Further operands of those come behind the
    /// operands of the ones before.
    /// </summary>
    private static EquatableArray<NodeSpec> Absorb(EquatableArray<NodeSpec> nodes, int[] same, int[] uses)
    {
        var absorbed = nodes.ToArray();
        for (var index = 0; index < absorbed.Length; index++)
        {
            var node = nodes[index];
            for (var place = 0; place < node.Operands.Count; place++)
            {
                var operand = same[node.Operands[place]];
                if (uses[operand] != 1 || absorbed[operand].Operation.Absorb(node.Operation) is not { } both)
                    continue;
                var others = node.Operands.Where((_, other) => other != place);
                absorbed[index] = new(both, [.. absorbed[operand].Operands, .. others]);
                break;
            }
        }
        return absorbed.ToEquatableArray();
    }

    /// <summary>For each node the node that has its value: itself, or the operand of an identity.</summary>
    private static int[] SkipIdentities(EquatableArray<NodeSpec> nodes, bool training)
    {
        var same = new int[nodes.Count];
        for (var index = 0; index < same.Length; index++)
            same[index] = nodes[index].Operation.IsIdentity(training) ? same[nodes[index].Operands[0]] : index;
        return same;
    }

    /// <summary>
    /// How often each node's value is used by the nodes the output depends on, and by which first; the output itself is used once more, by
    /// -1.
    /// </summary>
    private static (int[] Uses, int[] Users) CountUses(EquatableArray<NodeSpec> nodes, int[] same)
    {
        var (uses, users) = (new int[nodes.Count], new int[nodes.Count]);
        Use(nodes.Count - 1, -1);
        for (var index = nodes.Count - 1; index >= 0; index--)
        {
            if (uses[index] == 0)
                continue;
            foreach (var operand in nodes[index].Operands)
                Use(operand, index);
        }
        return (uses, users);

        void Use(int value, int user)
        {
            uses[same[value]]++;
            users[same[value]] = user;
        }
    }
}
