namespace SparseSharp.Models.Tests.Precision;

// One network in bfloat16 per kind of weights, with a last layer in float32.
#pragma warning disable SPS0045, SPS0075 // Small layers and narrow blocks.

/// <summary>Dense layers.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedPlain
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64)]
    public partial Linear Mixer { get; }

    [Linear(64, 64)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Transposable 2:4 with masters.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedPairs
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, RefreshEvery = 3)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, RefreshEvery = 3)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Transposable 2:4 of which only kept weights exist.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedKept
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Weights that are dropped and come back.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedRegrown
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Regrow, RefreshEvery = 3)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Regrow, RefreshEvery = 3)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Row-wise groups with masters.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedRows
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(1, 4, Policy = MaskPolicy.StraightThrough)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), NMSparse(1, 4, Policy = MaskPolicy.StraightThrough)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Soft thresholds.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedSoft
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>A second mask for the gradient of the input.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedTwice
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.BiMask)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.BiMask)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Products of graphs.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedGraphs
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.5)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.5)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Blocks of one size.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedUniform
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), BlockSparse(Uniform, Sparsity = 0.5)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), BlockSparse(Uniform, Sparsity = 0.5)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Blocks with trainable scales.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedLearned
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), BlockSparse(Learned)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), BlockSparse(Learned, Sparsity = 0.5, PruneFrom = 2, PruneSteps = 100, PruneEvery = 2)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Learned thresholds.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedThresholds
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), GradientAnneal(RebuildEvery = 3, InitialThreshold = -3)]
    public partial Linear Mixer { get; }

    [Linear(64, 64), GradientAnneal(RebuildEvery = 3, InitialThreshold = -3)]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary>Annealed groups.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedAnnealed
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, RefreshEvery = 3), GradientAnneal]
    public partial Linear Mixer { get; }

    [Linear(64, 64), NMSparse(2, 4, Transposable = true, RefreshEvery = 3), GradientAnneal]
    public partial Linear Last { get; }

    [Linear(64, 10), Bfloat16(Bfloat16Use.None)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}

/// <summary><see cref="RoundedPlain"/> in float32.</summary>
[SparseModel]
internal sealed partial class FullPlain
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 64)]
    public partial Linear Mixer { get; }

    [Linear(64, 64)]
    public partial Linear Last { get; }

    [Linear(64, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x) =>
        x.Through(Stem).Relu().Through(Mixer).Tanh().Through(Last).Gelu().Through(Head);
}
