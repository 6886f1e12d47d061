using SparseSharp.Generator.Operations;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>
/// <c>y = x - mean(x)</c> with the mean of each feature over the batch: an operation that only tests know, which cuts both passes.
/// Where no backward pass follows it is the identity.
/// </summary>
/// <param name="Number">What tells its means apart from those of others.</param>
internal sealed record Center(int Number) : Operation
{
    public override bool IsIdentity(bool training) => !training;

    public override void Forward(ForwardStep step)
    {
        var x = step.Operand(0);
        step.Add(Mean(step, x, "x"));
        step.Add(Elementwise.Forward(
            step, nameof(Center), $"{step.Name(x)} - mean({step.Name(x)})", Means("x"), Argument.Read(x), Argument.Write(step.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step)
    {
        var dy = step.Gradient;
        var formula = $"{step.Name(dy)} - mean({step.Name(dy)})";
        return [new(
            0, dx => Elementwise.Backward(step.Values, "CenterGrad", dx, formula, Means("dy"), Argument.Read(dy)), Mean(step, dy, "dy"))];
    }

    private Call Mean(Step step, int value, string what) =>
        new("Test.Mean", new([Argument.Batch, Means(what), Argument.Read(value)]), $"mean({step.Name(value)})") { IsBatchWide = true };

    private Argument Means(string what) => Argument.Text($"{what}{Number}");
}
