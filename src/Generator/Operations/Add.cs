using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = left + right</c>.</summary>
internal sealed record Add : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardNode node) => node.Add(Elementwise.Binary(node, "Add", "+"));

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [Contribution.Unchanged(0), Contribution.Unchanged(1)];
}
