using SparseSharp;

namespace Torch.Tests;

/// <summary>Layers of every kind that another framework's optimizer can train.</summary>
[SparseModel]
internal sealed partial class Mixed
{
    [Linear(48, 64), NMSparse(2, 4, Transposable = true)]
    public partial Linear Stem { get; }

    [Linear(64, 64), NMSparse(2, 4, Policy = MaskPolicy.SrSte, RefreshEvery = 3)]
    public partial Linear Middle { get; }

    [Linear(64, 64), BlockSparse(Uniform, Rows = 4, Cols = 4, Sparsity = 0.5)]
    public partial Linear OutProj { get; }

    [Linear(64, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(48)] Activation x)
    {
        var h = x.Through(Stem).Relu();
        return (h + h.Through(Middle).Gelu()).Through(OutProj).Tanh().Through(Head);
    }
}

/// <summary>Values that depend on the input around a layer as well as through it.</summary>
[SparseModel]
internal sealed partial class Residual
{
    [Linear(32, 32), NMSparse(2, 4, Transposable = true)]
    public partial Linear Layer { get; }

    Activation Forward([Input(32)] Activation x)
    {
        var scaled = 0.5f * x.Tanh();
        return scaled + (scaled * scaled.Through(Layer).Sigmoid()) + x;
    }
}

[SparseModel]
internal sealed partial class WithDropout
{
    [Linear(32, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 8, Bias = false)]
    public partial Linear Head { get; }

    Activation Forward([Input(32)] Activation x) => x.Through(Stem).Relu().Dropout(0.5f).Through(Head);
}

[SparseModel, GradientAnneal]
internal sealed partial class Annealed
{
    [Linear(64, 64)]
    public partial Linear Stem { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Stem);
}
