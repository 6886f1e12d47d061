using SparseSharp;

namespace Digits.Models;

// The networks of --model bfloat16: products of all layers take bfloat16. 784 inputs have few factors of two, which makes blocks narrow; the compiler warns of that.
#pragma warning disable SPS0075

/// <summary>All weights are kept.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedDenseDigitNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Two of every four weights are kept, in rows and in columns.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedDigitNet
{
    [Linear(784, 1024), NMSparse(2, 4, Transposable = true)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), NMSparse(2, 4, Transposable = true)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A product of graphs keeps a quarter of the weights.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedProduct75DigitNet
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
