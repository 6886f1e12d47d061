namespace SparseSharp.Models.Tests.Kernels;

// Layers whose weight gradient comes from a pruned gradient of the output, beside every rule that has one.

[SparseModel, NMGradients(2, 4)]
internal sealed partial class PrunedDense
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 24)]
    public partial Linear B { get; }

    [Linear(24, 10)]
    public partial Linear C { get; }

    [Linear(10, 131), NMGradients(1, 2)]
    public partial Linear D { get; }

    [Linear(131, 7, Bias = false), NMGradients(16, 32)]
    public partial Linear E { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E);
}

[SparseModel, NMSparse(2, 4, Transposable = true), NMGradients(2, 4)]
internal sealed partial class PrunedPairs
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 40), NMGradients(1, 4)]
    public partial Linear B { get; }

    [Linear(40, 20), NMGradients(7, 8)]
    public partial Linear C { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(3, 5, Policy = MaskPolicy.StraightThrough), NMGradients(3, 5)]
internal sealed partial class PrunedRows
{
    [Linear(265, 135)]
    public partial Linear A { get; }

    [Linear(135, 20), NMGradients(1, 32)]
    public partial Linear B { get; }

    [Linear(20, 7), NMGradients(31, 32)]
    public partial Linear C { get; }

    private Activation Forward([Input(265)] Activation x) => x.Through(A).Through(B).Through(C);
}
