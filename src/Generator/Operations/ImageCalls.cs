using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Operations;

/// <summary>Rows of features become an image: put in while planning, before operations that look at images.</summary>
internal sealed record ToImage : Operation
{
    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(Move("FromRows", node.Values, x, new(y, Accumulate: false), image: y));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, dx => Move("ToRows", node.Values, node.Gradient, dx, image: node.Gradient))];

    /// <summary>The call that moves a value.</summary>
    public static Call Move(string method, ValueTable values, int x, GradientTarget y, int image)
    {
        Argument[] accumulate = y.Accumulate ? [Argument.Accumulate(true)] : [];
        return new(
            $"{Surface.Images}.{method}",
            new([
                Argument.Pass, Argument.Read(x), Argument.Target(y.Value, y.Accumulate),
                Argument.Image(values.Layout(image).Image!.Value), .. accumulate]),
            $"{values.Name(y.Value)} {(y.Accumulate ? "+=" : "=")} {values.Name(x)}, {(method == "FromRows" ? "as an image" : "as rows")}");
    }
}

/// <summary>An image becomes rows of features: put in while planning, before operations that look at rows.</summary>
internal sealed record ToRows : Operation
{
    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(ToImage.Move("ToRows", node.Values, x, new(y, Accumulate: false), image: x));
    }

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, dx => ToImage.Move("FromRows", node.Values, node.Gradient, dx, image: dx.Value))];
}

/// <summary>Clears the lines around an image, which kernels read as padding.</summary>
internal static class ClearBorder
{
    public static Call Call(ValueTable values, int value) => new(
        $"{Surface.Images}.ClearBorder",
        new([Argument.Pass, Argument.Target(value, accumulate: true), Argument.Image(values.Layout(value).Image!.Value)]),
        $"zeros around {values.Name(value)}");
}

/// <summary>Gives parts of an image the lines of those beside them, which kernels read; nothing where images are whole.</summary>
internal static class ShareEdges
{
    public static Call Call(ValueTable values, int value) => new(
        $"{Surface.Images}.ShareEdges",
        new([Argument.Pass, Argument.Target(value, accumulate: true), Argument.Image(values.Layout(value).Image!.Value)]),
        $"lines around the parts of {values.Name(value)}, where it lies in parts");
}
