namespace SparseSharp.Models.Tests.Pruning;

// Layers in another order than they are used in, one that is used twice, one without a bias, one whose gradients are pruned, and dropout.

[SparseModel]
internal sealed partial class Teacher
{
    [Linear(32, 5, Bias = false)]
    public partial Linear Head { get; }

    [Linear(32, 32)]
    public partial Linear Shared { get; }

    [Linear(24, 32), NMGradients(2, 4)]
    public partial Linear Stem { get; }

    private Activation Forward([Input(24)] Activation x)
    {
        var h = x.Through(Stem).Tanh().Through(Shared).Dropout(0.5f).Relu();
        return (h + h.Through(Shared)).Through(Head);
    }
}

[SparseModel]
internal sealed partial class Pupil
{
    [Linear(32, 5, Bias = false), NMSparse(1, 4, Policy = MaskPolicy.StraightThrough)]
    public partial Linear Head { get; }

    [Linear(32, 32), NMSparse(4, 8, Transposable = true)]
    public partial Linear Shared { get; }

    [Linear(24, 32), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Stem { get; }

    private Activation Forward([Input(24)] Activation x)
    {
        var h = x.Through(Stem).Tanh().Through(Shared).Dropout(0.5f).Relu();
        return (h + h.Through(Shared)).Through(Head);
    }
}

[SparseModel]
internal sealed partial class OtherPupil
{
    [Linear(32, 5, Bias = false)]
    public partial Linear Head { get; }

    [Linear(32, 32), NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]
    public partial Linear Shared { get; }

    [Linear(24, 32)]
    public partial Linear Stem { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Stem).Through(Shared).Through(Head);
}

[SparseModel]
internal sealed partial class TwoLayers
{
    [Linear(24, 16)]
    public partial Linear Stem { get; }

    [Linear(16, 5, Bias = false)]
    public partial Linear Head { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Stem).Through(Head);
}

[SparseModel]
internal sealed partial class StemOnly
{
    [Linear(24, 32)]
    public partial Linear Stem { get; }

    private Activation Forward([Input(24)] Activation x) => x.Through(Stem);
}
