using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>An image as a vector of features, channel by channel. Layers that take vectors do it by themselves.</summary>
internal sealed record Flatten : Operation
{
    public static OperationMethod Method { get; } = new(nameof(Flatten), _ => new Flatten());

    public override bool TakesRows => true;

    public override bool IsIdentity(bool training) => true;

    public override Shape Infer(OperandShapes operands) => Shape.Vector(operands[0].Features);

    public override void Forward(ForwardNode node) => throw new InvalidOperationException("Nothing is computed.");

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [];
}
