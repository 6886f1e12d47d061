namespace SparseSharp.Fuzz.Soak;

/// <summary>Layers that have kernels for a few samples.</summary>
[SparseModel, NMSparse(2, 4, Transposable = true)]
public sealed partial class QuickModel
{
    [Linear(32, 64)] public partial Linear Stem { get; }
    [Linear(64, 64)] public partial Linear Mixer { get; }
    [Linear(64, 10), Dense] public partial Linear Head { get; }

    Activation Forward([Input(32)] Activation x) => x.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Blocks, bfloat16 and a layer that has no kernels for a few samples.</summary>
[SparseModel]
public sealed partial class MixedModel
{
    [Linear(32, 64), Bfloat16] public partial Linear Stem { get; }
    [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.75)] public partial Linear Graphs { get; }
    [Linear(64, 64), GradientAnneal] public partial Linear Annealed { get; }
    [Linear(64, 10)] public partial Linear Head { get; }

    Activation Forward([Input(32)] Activation x) => x.Through(Stem).Relu().Through(Graphs).Gelu().Through(Annealed).Tanh().Through(Head);
}
