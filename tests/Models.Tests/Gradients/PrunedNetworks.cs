namespace SparseSharp.Models.Tests.Gradients;

// The inputs of layers are pruned: by themselves, where a value has other uses, and under sparse weights.

[SparseModel, NMActivations(2, 4)]
internal sealed partial class PrunedChain
{
    [Linear(20, 40)]
    public partial Linear A { get; }

    [Linear(40, 24), NMActivations(4, 8), NMSparse(2, 4, Transposable = true)]
    public partial Linear B { get; }

    [Linear(24, 5), NMActivations(1, 2)]
    public partial Linear C { get; }

    private Activation Forward([Input(20)] Activation x) => x.Through(A).Gelu().Through(B).Relu().Through(C);
}

[SparseModel]
internal sealed partial class PrunedGraph
{
    [Linear(20, 36)]
    public partial Linear A { get; }

    [Linear(36, 36), NMActivations(2, 6)]
    public partial Linear B { get; }

    [Linear(36, 36), NMActivations(3, 4)]
    public partial Linear B2 { get; }

    [Linear(36, 5)]
    public partial Linear C { get; }

    private Activation Forward([Input(20)] Activation x)
    {
        var h = x.Through(A).Tanh();
        return (h.Through(B).Tanh() * h + h.Through(B2)).Through(C);
    }
}
