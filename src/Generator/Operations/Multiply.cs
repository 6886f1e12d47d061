using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = left * right</c>.</summary>
internal sealed record Multiply : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardNode node) => node.Add(Elementwise.Binary(node, "Multiply", "*"));

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        new(0, target => Gradient(node.Values, node.Gradient, node.Operand(1), target)),
        new(1, target => Gradient(node.Values, node.Gradient, node.Operand(0), target)),
    ];

    /// <summary><c>dx (+)= dy * other</c>.</summary>
    public static Call Gradient(ValueTable values, int dy, int other, GradientTarget dx)
    {
        var formula = $"{values.Name(dy)} * {values.Name(other)}";
        return Elementwise.Backward(values, "MultiplyGrad", dx, formula, Argument.Read(dy), Argument.Read(other));
    }
}
