using SparseSharp;

namespace Digits.Models;

// Shapes are a part of a model class, because the compiler checks them and picks kernels for them. A choice at run time is therefore a
// choice between classes: these are the two networks again, in the other widths of --hidden.

[SparseModel]
[NMSparse(2, 4, Transposable = true)]
internal sealed partial class DigitNet256
{
    [Linear(784, 256)]
    public partial Linear Stem { get; }

    [Linear(256, 256)]
    public partial Linear Mixer { get; }

    [Linear(256, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel(VariantOf = typeof(DigitNet256)), Dense]
internal sealed partial class DenseDigitNet256;

[SparseModel]
[NMSparse(2, 4, Transposable = true)]
internal sealed partial class DigitNet512
{
    [Linear(784, 512)]
    public partial Linear Stem { get; }

    [Linear(512, 512)]
    public partial Linear Mixer { get; }

    [Linear(512, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel(VariantOf = typeof(DigitNet512)), Dense]
internal sealed partial class DenseDigitNet512;

[SparseModel]
[NMSparse(2, 4, Transposable = true)]
internal sealed partial class DigitNet2048
{
    [Linear(784, 2048)]
    public partial Linear Stem { get; }

    [Linear(2048, 2048)]
    public partial Linear Mixer { get; }

    [Linear(2048, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

[SparseModel(VariantOf = typeof(DigitNet2048)), Dense]
internal sealed partial class DenseDigitNet2048;
