namespace SparseSharp.Benchmarks.Models;

[SparseModel]
internal sealed partial class DenseNet
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

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class StaticNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Regrow)]
internal sealed partial class RegrowNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.SrSte, RefreshEvery = 40)]
internal sealed partial class SrSteNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.SrSte, RefreshEvery = 40), NMGradients(2, 4)]
internal sealed partial class PrunedGradientNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
