using SparseSharp;

namespace Digits.Models;

/// <summary>A network for images of 28 by 28 pixels whose hidden layers keep two of every four weights, in rows and in columns.</summary>
[SparseModel]
[NMSparse(2, 4, Transposable = true)]
internal sealed partial class DigitNet
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
