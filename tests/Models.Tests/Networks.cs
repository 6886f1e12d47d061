namespace SparseSharp.Models.Tests;

[SparseModel]
internal sealed partial class DenseDigits
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

[SparseModel]
[NMSparse(2, 4, Transposable = true)]
internal sealed partial class SparseDigits
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

[SparseModel]
[NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class StaticDigits
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
