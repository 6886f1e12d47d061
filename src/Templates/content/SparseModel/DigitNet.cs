namespace SparseModelApp;

/// <summary>
/// Recognises a digit of 28 x 28 pixels. Two layers keep two of every four weights, in rows and in columns, so that the forward and
/// the backward pass skip the other half. Forward is read by the compiler and never runs: change a shape, and it tells what no longer fits.
/// </summary>
[SparseModel]
[NMSparse(2, 4, Transposable = true)]
public sealed partial class DigitNet
{
    [Linear(784, 512)]
    public partial Linear Stem { get; }

    [Linear(512, 512)]
    public partial Linear Mixer { get; }

    [Linear(512, 10), Dense]
    public partial Linear Head { get; }

    Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
