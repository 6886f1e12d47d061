using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// One of several inputs: some neighbouring features of a sample. The packing of the input puts it into a value of its own.
/// </summary>
/// <param name="Number">From 1 on.</param>
/// <param name="First">Its first feature among those of the sample.</param>
/// <param name="Shape">Of the input.</param>
internal sealed record InputPart(int Number, int First, Shape Shape) : Operation
{
    public override string ValueName => "input" + Words.Number(Number);

    public override bool TakesRows => true;

    public override Shape Infer(OperandShapes operands) => Shape;

    public override void Forward(ForwardNode node) => node.Pack(First);

    public override IEnumerable<Contribution> Backward(BackwardNode node) => [new(0, dx => Put(node.Values, node.Gradient, First, dx))];

    /// <summary>Some neighbouring rows of a value become those of another one; where that is new, its other rows become 0.</summary>
    public static Call Put(ValueTable values, int part, int first, GradientTarget whole)
    {
        var (rows, name) = (values.Lines(part), values.Name(whole.Value));
        var comment = $"{name}[{Words.Number(first)}..{Words.Number(first + rows)}] {(whole.Accumulate ? "+=" : "=")} {values.Name(part)}";
        Argument[] read = [Argument.Read(part), Argument.Number(rows)];
        Argument[] written =
            [Argument.Target(whole.Value, whole.Accumulate), Argument.Number(first), Argument.Number(values.Lines(whole.Value))];
        var call = Elementwise.Call("PutRows", comment, [.. read, .. written, Argument.Accumulate(whole.Accumulate)]);
        return call with { IsElementWise = false };
    }
}
