using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = left - right</c>.</summary>
internal sealed record Subtract : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardNode node) => node.Add(Elementwise.Binary(node, "Subtract", "-"));

    /// <summary>The negative first: what is handed on unchanged last needs no copy.</summary>
    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(1, target => Scale.Gradient(node.Values, node.Gradient, -1, target)), Contribution.Unchanged(0)];
}
