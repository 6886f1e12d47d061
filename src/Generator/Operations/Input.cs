using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The input of a model, all features of a sample: the node that has no operand.</summary>
internal sealed record Input(Shape Shape) : Operation
{
    /// <summary>The shapes of several inputs, which are one after the other in a sample; empty for a single one.</summary>
    public EquatableArray<Shape> Parts { get; init; } = EquatableArray<Shape>.Empty;

    /// <summary>The names of several inputs.</summary>
    public EquatableArray<string> Names { get; init; } = EquatableArray<string>.Empty;

    public override Shape Infer(OperandShapes operands) => Shape;

    public override void Forward(ForwardNode node)
    {
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [];
}
