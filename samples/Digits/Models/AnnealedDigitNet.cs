using SparseSharp;

namespace Digits.Models;

/// <summary>The network whose training finds itself which weights of the hidden layers to keep, and how many (AutoSparse).</summary>
[SparseModel]
[GradientAnneal(InitialThreshold = -4)]
internal sealed partial class AnnealedDigitNet
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
