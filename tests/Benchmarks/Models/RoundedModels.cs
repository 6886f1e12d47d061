namespace SparseSharp.Benchmarks.Models;

// The network of the steps in bfloat16, and with blocks in both precisions; narrow ones come from the few factors of two in 784.
#pragma warning disable SPS0075

[SparseModel, Bfloat16]
internal sealed partial class RoundedDenseNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel, Bfloat16]
internal sealed partial class RoundedStaticNet
{
    [Linear(784, 1024), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel, Bfloat16]
internal sealed partial class RoundedSrSteNet
{
    [Linear(784, 1024), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.SrSte, RefreshEvery = 40)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.SrSte, RefreshEvery = 40)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel]
internal sealed partial class ProductNet
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel, Bfloat16]
internal sealed partial class RoundedProductNet
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
