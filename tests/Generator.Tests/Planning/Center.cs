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

    public override void Forward(ForwardNode node)
    {
        var x = node.Operand(0);
        node.Add(Mean(node, x, "x"));
        node.Add(Elementwise.Forward(
            node, nameof(Center), $"{node.Name(x)} - mean({node.Name(x)})", Means("x"), Argument.Read(x), Argument.Write(node.Result)));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node)
    {
        var dy = node.Gradient;
        var formula = $"{node.Name(dy)} - mean({node.Name(dy)})";
        return [new(
            0, dx => Elementwise.Backward(node.Values, "CenterGrad", dx, formula, Means("dy"), Argument.Read(dy)), Mean(node, dy, "dy"))];
    }

    private Call Mean(PlannedNode node, int value, string what) =>
        new("Test.Mean", new([Argument.Batch, Means(what), Argument.Read(value)]), $"mean({node.Name(value)})") { IsBatchWide = true };

    private Argument Means(string what) => Argument.Text($"{what}{Number}");
}
