using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = left + right</c>.</summary>
internal sealed record Add : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardStep step)
    {
        var (left, right) = (step.Operand(0), step.Operand(1));
        var formula = $"{step.Name(left)} + {step.Name(right)}";
        step.Add(Elementwise.Forward(step, "Add", formula, Argument.Read(left), Argument.Read(right), Argument.Write(step.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) => [Contribution.Unchanged(0), Contribution.Unchanged(1)];
}
