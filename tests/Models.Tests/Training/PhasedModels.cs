namespace SparseSharp.Models.Tests.Training;

/// <summary>Both packed forms and an activation that needs the sums before it, under masks.</summary>
[SparseModel]
internal sealed partial class PhasedNet
{
    [Linear(784, 64), NMSparse(2, 4, Transposable = true, RefreshEvery = 2)]
    public partial Linear Stem { get; }

    [Linear(64, 48), NMSparse(2, 4, Policy = MaskPolicy.StraightThrough)]
    public partial Linear Rows { get; }

    [Linear(48, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Rows).Gelu().Through(Head);
}

/// <summary>The same without masks.</summary>
[SparseModel]
internal sealed partial class UnmaskedNet
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 48)]
    public partial Linear Rows { get; }

    [Linear(48, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Rows).Gelu().Through(Head);
}

/// <summary>Masks that never change.</summary>
[SparseModel]
internal sealed partial class KeptNet
{
    [Linear(784, 32), NMSparse(2, 4, Policy = MaskPolicy.Static)]
    public partial Linear Stem { get; }

    [Linear(32, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Head);
}

/// <summary>As <see cref="PhasedNet"/>, with masks that begin when AdamW has settled.</summary>
[SparseModel]
internal sealed partial class SwitchingNet
{
    [Linear(784, 64), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Step, RefreshEvery = 2)]
    public partial Linear Stem { get; }

    [Linear(64, 48), NMSparse(2, 4, Policy = MaskPolicy.Step)]
    public partial Linear Rows { get; }

    [Linear(48, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Rows).Gelu().Through(Head);
}

/// <summary>Masks and pruned gradients together, and no dense layer.</summary>
[SparseModel, NMSparse(2, 4), NMGradients(2, 4)]
internal sealed partial class PhasedPrunedNet
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Head);
}

/// <summary>The layers of <see cref="UnmaskedNet"/> under masks that never change.</summary>
[SparseModel, NMSparse(2, 4, Policy = MaskPolicy.Static)]
internal sealed partial class PrunedNet
{
    [Linear(784, 64)]
    public partial Linear Stem { get; }

    [Linear(64, 48)]
    public partial Linear Rows { get; }

    [Linear(48, 10), Dense]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Rows).Gelu().Through(Head);
}
