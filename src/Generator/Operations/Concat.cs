using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The features of all operands, one after the other: the output of a model that has several.</summary>
internal sealed record Concat : Operation
{
    public override bool TakesRows => true;

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
    public override void Forward(ForwardNode node)
    {
        for (var (operand, first) = (0, 0); operand < node.Operands; first += node.Values.Lines(node.Operand(operand++)))
            node.Add(InputPart.Put(node.Values, node.Operand(operand), first, new(node.Result, Accumulate: operand > 0)));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node)
    {
        var first = 0;
        for (var operand = 0; operand < node.Operands; operand++)
        {
            var start = first;
            yield return new(operand, dx => Take(node.Values, node.Gradient, start, dx));
            first += node.Values.Lines(node.Operand(operand));
        }
    }

    /// <summary>Some neighbouring rows of a value become another one, or are added to it.</summary>
    public static Call Take(ValueTable values, int whole, int first, GradientTarget part)
    {
        var (rows, name) = (values.Lines(part.Value), values.Name(part.Value));
        var comment =
            $"{name} {(part.Accumulate ? "+=" : "=")} {values.Name(whole)}[{Words.Number(first)}..{Words.Number(first + rows)}]";
        Argument[] read = [Argument.Read(whole), Argument.Number(first), Argument.Number(values.Lines(whole))];
        Argument[] written = [Argument.Target(part.Value, part.Accumulate), Argument.Number(rows)];
        var call = Elementwise.Call("TakeRows", comment, [.. read, .. written, Argument.Accumulate(part.Accumulate)]);
        return call with { IsElementWise = false };
    }
}
