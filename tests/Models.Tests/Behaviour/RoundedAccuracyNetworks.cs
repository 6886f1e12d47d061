namespace SparseSharp.Models.Tests.Behaviour;

// The network of the accuracy figures in bfloat16 throughout, and with other activations; narrow blocks come from the few factors of two in 784.
#pragma warning disable SPS0075

/// <summary>Dense layers in bfloat16.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedDenseDigits
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

/// <summary>Transposable 2:4 in bfloat16.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedSparseDigits
{
    [Linear(784, 1024), NMSparse(2, 4, Transposable = true)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), NMSparse(2, 4, Transposable = true)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A product of graphs in bfloat16, which keeps a quarter of the weights.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedProduct75
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

/// <summary>Dense layers with tanh.</summary>
[SparseModel]
internal sealed partial class TanhDigits
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Tanh().Through(Mixer).Tanh().Through(Head);
}

/// <summary>Dense layers with K-TanH.</summary>
[SparseModel]
internal sealed partial class KTanhDigits
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).KTanh().Through(Mixer).KTanh().Through(Head);
}

/// <summary>Dense layers in bfloat16 with K-TanH, whose values are not rounded again.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedKTanhDigits
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).KTanh().Through(Mixer).KTanh().Through(Head);
}
