using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The features of all operands, one after the other: the output of a model that has several.</summary>
internal sealed record Concat : Operation
{
    public override Shape Infer(OperandShapes operands)
    {
        var features = 0;
        for (var operand = 0; operand < operands.Count; operand++)
        {
            if (!operands[operand].IsKnown)
                return Shape.Unknown;
            features += operands[operand].Features;
        }
        return Shape.Vector(features);
    }

    /// <summary>The first operand clears the rows of the others, so that they can be added.</summary>
    public override void Forward(ForwardStep step)
    {
        for (var (operand, first) = (0, 0); operand < step.Operands; first += step.Values.Features(step.Operand(operand++)))
            step.Add(InputPart.Put(step.Values, step.Operand(operand), first, new(step.Result, Accumulate: operand > 0)));
    }

    public override IEnumerable<Contribution> Backward(BackwardStep step)
    {
        var first = 0;
        for (var operand = 0; operand < step.Operands; operand++)
        {
            var start = first;
            yield return new(operand, dx => Take(step.Values, step.Gradient, start, dx));
            first += step.Values.Features(step.Operand(operand));
        }
    }

    private static Call Take(ValueTable values, int whole, int first, GradientTarget part)
    {
        var (rows, name) = (values.Features(part.Value), values.Name(part.Value));
        var comment =
            $"{name} {(part.Accumulate ? "+=" : "=")} {values.Name(whole)}[{Words.Number(first)}..{Words.Number(first + rows)}]";
        Argument[] read = [Argument.Read(whole), Argument.Number(first), Argument.Number(values.Features(whole))];
        Argument[] written = [Argument.Target(part.Value, part.Accumulate), Argument.Number(rows)];
        var call = Elementwise.Call("TakeRows", comment, [.. read, .. written, Argument.Accumulate(part.Accumulate)]);
        return call with { IsElementWise = false };
    }
}
