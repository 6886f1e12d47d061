using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = left - right</c>.</summary>
internal sealed record Subtract : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardStep step) => step.Add(Elementwise.Binary(step, "Subtract", "-"));

    /// <summary>The negative first: what is handed on unchanged last needs no copy.</summary>
    public override IEnumerable<Contribution> Backward(BackwardStep step) =>
        [new(1, target => Scale.Gradient(step.Values, step.Gradient, -1, target)), Contribution.Unchanged(0)];
}
