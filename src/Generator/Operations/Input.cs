using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The input of a model: the node that has no operand.</summary>
internal sealed record Input(Shape Shape) : Operation
{
    public override Shape Infer(OperandShapes operands) => Shape;

    public override void Forward(ForwardStep step)
    {
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) => [];
}
