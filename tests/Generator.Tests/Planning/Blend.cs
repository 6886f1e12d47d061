using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>
/// <c>y = a * b + c</c>: an operation of three operands that only tests know, so that nothing in planning can depend on the kinds that
/// there are.
/// </summary>
internal sealed record Blend : Operation
{
    public override Shape Infer(OperandShapes operands) => operands.ExpectEqual();

    public override void Forward(ForwardNode node)
    {
        var (a, b, c) = (node.Operand(0), node.Operand(1), node.Operand(2));
        node.Add(Elementwise.Forward(
            node,
            nameof(Blend),
            $"{node.Name(a)} * {node.Name(b)} + {node.Name(c)}",
            Argument.Read(a),
            Argument.Read(b),
            Argument.Read(c),
            Argument.Write(node.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
    [
        new(0, target => Multiply.Gradient(node.Values, node.Gradient, node.Operand(1), target)),
        new(1, target => Multiply.Gradient(node.Values, node.Gradient, node.Operand(0), target)),
        Contribution.Unchanged(2),
    ];

    public static double[] Of(double[] a, double[] b, double[] c) => [.. a.Select((value, index) => (value * b[index]) + c[index])];
}
