using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = left - right</c>.</summary>
internal sealed record Subtract : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardStep step)
    {
        var (left, right) = (step.Operand(0), step.Operand(1));
        var formula = $"{step.Name(left)} - {step.Name(right)}";
        step.Add(Elementwise.Forward(step, "Subtract", formula, Argument.Read(left), Argument.Read(right), Argument.Write(step.Result)));
    }

    /// <summary>The negative first: what is handed on unchanged last needs no copy.</summary>
    public override IEnumerable<Contribution> Backward(BackwardStep step) =>
        [new(1, target => Scale.Gradient(step.Values, step.Gradient, -1, target)), Contribution.Unchanged(0)];
}
