namespace SparseSharp.Generator.Operations;

/// <summary><c>y = x + term</c>.</summary>
internal sealed record Shift(float Term) : Operation
{
    public override void Forward(ForwardNode node)
    {
        var x = node.Operand(0);
        node.Add(Elementwise.Forward(
            node, "Shift", $"{node.Name(x)} + {Words.Number(Term)}", Argument.Read(x), Argument.Number(Term), Argument.Write(node.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [Contribution.Unchanged(0)];
}
