namespace SparseSharp.Generator.Operations;

/// <summary>The input of a model: the node that has no operand.</summary>
internal sealed record Input(int Features) : Operation
{
    public override int Infer(OperandShapes operands) => Features;

    public override void Forward(ForwardStep step)
    {
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) => [];
}
