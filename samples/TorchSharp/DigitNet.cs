using SparseSharp;

namespace TorchDigits;

/// <summary>784-1024-1024-10, the two large layers 2:4 sparse from the start.</summary>
[SparseModel]
internal sealed partial class DigitNet
{
    [Linear(784, 1024), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
