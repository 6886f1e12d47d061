namespace SparseSharp.Models.Tests.Behaviour;

// The network of the accuracy figures with other activations.

/// <summary>Dense layers with tanh.</summary>
[SparseModel]
internal sealed partial class TanhDigits
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Tanh().Through(Mixer).Tanh().Through(Head);
}

/// <summary>Dense layers with K-TanH.</summary>
[SparseModel]
internal sealed partial class KTanhDigits
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).KTanh().Through(Mixer).KTanh().Through(Head);
}

/// <summary>Dense layers in bfloat16 with K-TanH, whose values are not rounded again.</summary>
[SparseModel, Bfloat16]
internal sealed partial class RoundedKTanhDigits
{
    [Linear(784, 1024)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).KTanh().Through(Mixer).KTanh().Through(Head);
}
