namespace SparseSharp.Generator.Operations;

/// <summary>
/// <c>y = x * keep</c>, where keep is 1 for the largest values of each group and else 0: the pruned input of a layer, put in while
/// planning.
/// </summary>
/// <param name="Keep">N, values kept.</param>
/// <param name="Group">M, values in a group.</param>
/// <param name="StraightThrough">Whether the gradient passes unchanged to what was dropped.</param>
internal sealed record Prune(int Keep, int Group, bool StraightThrough) : Operation
{
    public override bool KeepsBfloat16 => true;

    public override void Forward(ForwardNode node)
    {
        var x = node.Operand(0);
        Argument[] saved = node.Training && !StraightThrough ? [Argument.Write(node.Save("keep"))] : [];
        var call = Elementwise.Forward(
            node,
            "Prune",
            $"{Words.Number(Keep)} of {Words.Number(Group)} features of {node.Name(x)}",
            [Argument.Number(Keep), Argument.Number(Group), Argument.Read(x), Argument.Write(node.Result), .. saved]);
        node.Add(call with { IsElementWise = false });
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        StraightThrough
            ? Contribution.Unchanged(0)
            : new(0, target => Multiply.Gradient(node.Values, node.Gradient, node.Saved(0), target)),
    ];
}
