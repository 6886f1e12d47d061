namespace SparseSharp.Models.Tests.Behaviour;

// The network of the accuracy figures, 784-1024-1024-10, under the patterns and rules that are compared on real digits. The classifier
// stays dense.

[SparseModel, NMSparse(4, 8, Transposable = true)]
internal sealed partial class DigitsOf4In8
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

[SparseModel, NMSparse(1, 4, Transposable = true)]
internal sealed partial class DigitsOf1In4
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

[SparseModel, NMSparse(2, 8, Transposable = true)]
internal sealed partial class DigitsOf2In8
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
internal sealed partial class DigitsRegrown
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

[SparseModel, NMSparse(2, 4, Transposable = true), NMGradients(1, 2)]
internal sealed partial class DigitsWithHalfOfPairs
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

[SparseModel, NMSparse(2, 4, Transposable = true), NMGradients(2, 4)]
internal sealed partial class DigitsWithHalfOfFours
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
