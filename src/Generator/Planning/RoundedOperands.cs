using SparseSharp.Generator.Operations;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Planning;

/// <summary>
/// Which values of a forward pass are rounded to bfloat16 for the operations that want it: in place where only such operations use a value,
/// else into a value of its own, once for all of them, so that others see it as it was computed.
/// </summary>
internal sealed class RoundedOperands
{
    private readonly ForwardOps _plan;
    private readonly bool[] _isSeenUnrounded;
    private readonly int[] _rounded;

    public RoundedOperands(ForwardOps plan)
    {
        _plan = plan;
        var nodes = plan.Nodes;
        _rounded = new int[nodes.Count];
        _isSeenUnrounded = new bool[nodes.Count];
        _isSeenUnrounded[nodes.Count - 1] = true; // By the loss, or whoever asked for the output.
        for (var index = 0; index < nodes.Count; index++)
        {
            _rounded[index] = -1;
            for (var place = 0; place < nodes[index].Operands.Count; place++)
                _isSeenUnrounded[nodes[index].Operands[place]] |= !Rounds(nodes[index], place);
        }
    }

    /// <summary>The operands of a node as its operation wants them; the first use of a value adds the call that rounds it.</summary>
    public int[] Of(FusedNode node) =>
        [.. node.Operands.Select(
            (operand, place) => Rounds(node, place) && !IsExact(operand) ? Rounded(operand) : _plan.Values[operand])];

    private int Rounded(int index)
    {
        if (_rounded[index] < 0)
        {
            var value = _plan.Values[index];
            _rounded[index] = _isSeenUnrounded[index] ? _plan.Table.AddRounded(value) : value;
            _plan.Calls.Add(Round.Call(_plan.Table, value, _rounded[index]));
        }
        return _rounded[index];
    }

    private bool Rounds(FusedNode node, int place) => place < node.Operation.Factors && node.Operation.RoundsOperands(_plan.Layers);

    /// <summary>Whether a value is one of bfloat16 anyway: results of K-TanH are, and choosing among values changes none.</summary>
    private bool IsExact(int index)
    {
        var node = _plan.Nodes[index];
        if (node.Activation != ActivationKind.None && ActivationTable.Of(node.Activation).GivesBfloat16)
            return true;
        return node.Operation.KeepsBfloat16 && node.Operands.All(IsExact);
    }
}
