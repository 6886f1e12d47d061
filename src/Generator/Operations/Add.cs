using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = left + right</c>.</summary>
internal sealed record Add : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardStep step) => step.Add(Elementwise.Binary(step, "Add", "+"));

    public override IEnumerable<Contribution> Backward(BackwardStep step) => [Contribution.Unchanged(0), Contribution.Unchanged(1)];
}
