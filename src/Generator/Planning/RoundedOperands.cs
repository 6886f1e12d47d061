using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>
/// Which values of a forward pass are rounded to bfloat16 for the layers that want it: in place where only such layers use a value, else into a value of its own, once for
/// all of them, so that others see it as it was computed.
/// </summary>
internal sealed class RoundedOperands
{
    private readonly IReadOnlyList<FusedNode> _nodes;
    private readonly EquatableArray<LayerSpec> _layers;
    private readonly bool[] _isSeenUnrounded;
    private readonly int[] _rounded;

    public RoundedOperands(IReadOnlyList<FusedNode> nodes, EquatableArray<LayerSpec> layers)
    {
        _nodes = nodes;
        _layers = layers;
        _rounded = new int[nodes.Count];
        _isSeenUnrounded = new bool[nodes.Count];
        _isSeenUnrounded[nodes.Count - 1] = true; // By the loss, or whoever asked for the output.
        for (var index = 0; index < nodes.Count; index++)
        {
            _rounded[index] = -1;
            foreach (var operand in new[] { nodes[index].Left, nodes[index].Right })
            {
                if (operand >= 0 && !Rounds(nodes[index]))
                    _isSeenUnrounded[operand] = true;
            }
        }
    }

    /// <summary>The first operand of a node as the node wants it; the first use of a value adds the op that rounds it.</summary>
    /// <param name="plan">The ops so far.</param>
    /// <param name="node">The node.</param>
    public int Left(ForwardOps plan, FusedNode node)
    {
        var value = plan.Values[node.Left];
        if (!Rounds(node) || IsExact(node.Left))
            return value;
        if (_rounded[node.Left] < 0)
        {
            _rounded[node.Left] = _isSeenUnrounded[node.Left] ? plan.Table.AddRounded(value) : value;
            plan.Ops.Add(new RoundOp(value, _rounded[node.Left]));
        }
        return _rounded[node.Left];
    }

    private bool Rounds(FusedNode node) => node.Kind == NodeKind.Linear && _layers[node.Layer].RoundsActivations;

    /// <summary>Whether a value is one of bfloat16 anyway: results of K-TanH are, and choosing among values changes none.</summary>
    private bool IsExact(int index) => _nodes[index] switch
    {
        { Activation: ActivationKind.KTanh } => true,
        { Kind: NodeKind.Relu or NodeKind.Prune } node => IsExact(node.Left),
        _ => false,
    };
}
