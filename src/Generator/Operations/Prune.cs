namespace SparseSharp.Generator.Operations;

/// <summary>
/// <c>y = x * keep</c>, where keep is 1 for the largest values of each group and else 0: the pruned input of a layer, put in while
/// planning.
/// </summary>
/// <param name="Keep">N, values kept.</param>
/// <param name="Group">M, values in a group.</param>
/// <param name="StraightThrough">Whether the gradient passes unchanged to what was dropped.</param>
internal sealed record Prune(int Keep, int Group, bool StraightThrough) : PrunedOperand(Keep, Group, StraightThrough)
{
    public override void Forward(ForwardNode node)
    {
        var x = node.Operand(0);
        var call = Elementwise.Forward(
            node,
            "Prune",
            $"{Words.Number(Keep)} of {Words.Number(Group)} features of {node.Name(x)}",
            [Argument.Number(Keep), Argument.Number(Group), Argument.Read(x), Argument.Write(node.Result), .. Marks(node)]);
        node.Add(call with { IsElementWise = false });
    }
}
