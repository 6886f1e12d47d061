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

    public override void Forward(ForwardStep step)
    {
        var (a, b, c) = (step.Operand(0), step.Operand(1), step.Operand(2));
        step.Add(Elementwise.Forward(
            step,
            nameof(Blend),
            $"{step.Name(a)} * {step.Name(b)} + {step.Name(c)}",
            Argument.Read(a),
            Argument.Read(b),
            Argument.Read(c),
            Argument.Write(step.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) =>
    [
        new(0, target => Multiply.Gradient(step.Values, step.Gradient, step.Operand(1), target)),
        new(1, target => Multiply.Gradient(step.Values, step.Gradient, step.Operand(0), target)),
        Contribution.Unchanged(2),
    ];

    public static double[] Of(double[] a, double[] b, double[] c) => [.. a.Select((value, index) => (value * b[index]) + c[index])];
}
