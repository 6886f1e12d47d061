namespace SparseSharp.Models.Tests.Gradients;

/// <summary>Two inputs that meet, and two outputs, one of which the other is made of.</summary>
[SparseModel]
internal sealed partial class TwoAndTwo
{
    [Linear(12, 18)]
    public partial Linear A { get; }

    [Linear(7, 18), NMSparse(1, 7)]
    public partial Linear B { get; }

    [Linear(18, 5)]
    public partial Linear First { get; }

    [Linear(5, 6)]
    public partial Linear Second { get; }

    private (Activation First, Activation Second) Forward([Input(3, 4)] Activation image, [Input(7)] Activation context)
    {
        var h = image.Through(A).Gelu() * context.Through(B) + image.Through(A);
        var first = h.Through(First);
        return (first, (first.Tanh().Through(Second) + 1).Relu());
    }
}

/// <summary>An input that is not used, one that is used twice, and one value as two outputs.</summary>
[SparseModel]
internal sealed partial class ThreeAndTwo
{
    [Linear(5, 9)]
    public partial Linear A { get; }

    [Linear(8, 9)]
    public partial Linear B { get; }

    private (Activation, Activation) Forward([Input(5)] Activation x, [Input(2)] Activation unused, [Input(8)] Activation y)
    {
        var h = x.Through(A).Tanh() * y.Through(B) + y.Relu().Through(B);
        return (h, h);
    }
}

/// <summary>Several inputs around a nested model with several outputs, which are one value outside of it.</summary>
[SparseModel]
internal sealed partial class AroundTwo
{
    [Linear(6, 19)]
    public partial Linear A { get; }

    [Linear(3, 11)]
    public partial Linear B { get; }

    public partial OneAndTwo Inner { get; }

    private Activation Forward([Input(6)] Activation x, [Input(3)] Activation y) => x.Through(A).Relu().Through(Inner) * y.Through(B);
}

/// <summary>Two outputs of one input.</summary>
[SparseModel]
internal sealed partial class OneAndTwo
{
    [Linear(19, 6)]
    public partial Linear Left { get; }

    [Linear(19, 5)]
    public partial Linear Right { get; }

    private (Activation, Activation) Forward([Input(19)] Activation x) => (x.Through(Left).Sigmoid(), x.Through(Right).Relu());
}

/// <summary>Nested models with several inputs, one of which is not used there.</summary>
[SparseModel]
internal sealed partial class AroundInputs
{
    [Linear(6, 8)]
    public partial Linear A { get; }

    [Linear(3, 7)]
    public partial Linear B { get; }

    public partial Pair Pair { get; }

    public partial ThreeAndTwo Three { get; }

    private Activation Forward([Input(6)] Activation x, [Input(3)] Activation y, [Input(2)] Activation unused)
    {
        var left = x.Through(A);
        var right = y.Through(B).Tanh();
        return left.Through(Pair, right).Through(Three, unused, left.Relu());
    }
}

/// <summary>Two inputs that meet in a product.</summary>
[SparseModel]
internal sealed partial class Pair
{
    [Linear(8, 5)]
    public partial Linear Left { get; }

    [Linear(7, 5)]
    public partial Linear Right { get; }

    private Activation Forward([Input(8)] Activation left, [Input(7)] Activation right) => left.Through(Left) * right.Through(Right);
}
