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

    public override void Forward(ForwardStep step)
    {
        var x = step.Operand(0);
        var keep = step.Save("keep");
        step.Add(Elementwise.Forward(
            step,
            "Dropout",
            $"{step.Name(x)} * {step.Name(keep)}, a dropout of {Words.Number(Probability)}",
            Argument.Number(step.TakeSite()),
            Argument.Number(Probability),
            Argument.Read(x),
            Argument.Write(step.Result),
            Argument.Write(keep)));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) =>
        [new(0, target => Multiply.Gradient(step.Values, step.Gradient, step.Saved(0), target))];
}
