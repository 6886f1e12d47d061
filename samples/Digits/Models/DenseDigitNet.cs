using SparseSharp;

namespace Digits.Models;

/// <summary>The same network without a sparsity attribute: all weights are kept.</summary>
[SparseModel]
internal sealed partial class DenseDigitNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
