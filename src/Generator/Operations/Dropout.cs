using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Operations;

/// <summary><c>y = x * keep</c> with random multipliers <c>keep</c>; the identity where no backward pass follows.</summary>
internal sealed record Dropout(float Probability) : Operation
{
    public static OperationMethod Method { get; } = new(
        nameof(Dropout),
        constants => new Dropout(constants[0]),
        Constants: [new("probability", probability => probability is >= 0 and < 1, Descriptors.DropoutProbability)]);

    public override bool IsIdentity(bool training) => !training || Probability == 0;

    public override void Forward(ForwardNode node)
    {
        var x = node.Operand(0);
        var keep = node.Save("keep");
        node.Add(Elementwise.Forward(
            node,
            "Dropout",
            $"{node.Name(x)} * {node.Name(keep)}, a dropout of {Words.Number(Probability)}",
            Argument.Number(node.TakeSite()),
            Argument.Number(Probability),
            Argument.Read(x),
            Argument.Write(node.Result),
            Argument.Write(keep)));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, target => Multiply.Gradient(node.Values, node.Gradient, node.Saved(0), target))];
}
