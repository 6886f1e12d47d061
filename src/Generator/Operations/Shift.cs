namespace SparseSharp.Generator.Operations;

/// <summary><c>y = x + term</c>.</summary>
internal sealed record Shift(float Term) : Operation
{
    public override void Forward(ForwardStep step)
    {
        var x = step.Operand(0);
        step.Add(Elementwise.Forward(
            step, "Shift", $"{step.Name(x)} + {Words.Number(Term)}", Argument.Read(x), Argument.Number(Term), Argument.Write(step.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step) => [Contribution.Unchanged(0)];
}
