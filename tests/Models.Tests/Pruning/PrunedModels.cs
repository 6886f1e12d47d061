namespace SparseSharp.Models.Tests.Pruning;

[SparseModel]
internal sealed partial class PrunedProbe
{
    public const int Outputs = 37;

    [Linear(96, 37), NMGradients(2, 4)]
    public partial Linear A { get; }

    [Linear(96, 37), NMGradients(1, 2)]
    public partial Linear B { get; }

    [Linear(96, 37), NMGradients(3, 5)]
    public partial Linear C { get; }

    [Linear(96, 37), NMGradients(8, 32)]
    public partial Linear D { get; }

    private Activation Forward([Input(96)] Activation x) => x.Through(A) + x.Through(B) + x.Through(C) + x.Through(D);
}

[SparseModel]
internal sealed partial class ExactDigits
{
    [Linear(784, 40)]
    public partial Linear Stem { get; }

    [Linear(40, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel, NMGradients(2, 4)]
internal sealed partial class PrunedDigits
{
    [Linear(784, 40)]
    public partial Linear Stem { get; }

    [Linear(40, 10), NMGradients(1, 2)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel, NMGradients(2, 4)]
internal sealed partial class PrunedTwice
{
    [Linear(16, 16)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(16)] Activation x) => x.Through(Layer).Tanh().Through(Layer);
}

[SparseModel, NMActivations(2, 4, Along = PruneAlong.Batch)]
internal sealed partial class PrunedInputs
{
    [Linear(37, 21)]
    public partial Linear A { get; }

    [Linear(37, 21), NMActivations(1, 2, Along = PruneAlong.Batch)]
    public partial Linear B { get; }

    [Linear(37, 21), NMActivations(3, 5, Along = PruneAlong.Batch)]
    public partial Linear C { get; }

    private Activation Forward([Input(37)] Activation x) => x.Through(A) + x.Through(B) + x.Through(C);
}

[SparseModel]
internal sealed partial class PrunedThrough
{
    [Linear(8, 8)]
    public partial Linear A { get; }

    [Linear(8, 4), NMActivations(2, 4, StraightThrough = true)]
    public partial Linear B { get; }

    private Activation Forward([Input(8)] Activation x) => x.Through(A).Through(B);
}
