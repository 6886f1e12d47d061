namespace SparseSharp.Fuzz;

/// <summary>Dense layers only, with and without a bias.</summary>
[SparseModel]
public sealed partial class PlainModel
{
    [Linear(8, 12)] public partial Linear Stem { get; }
    [Linear(12, 5, Bias = false)] public partial Linear Head { get; }

    Activation Forward([Input(8)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

/// <summary>Patterns of N in M.</summary>
[SparseModel]
public sealed partial class PatternModel
{
    [Linear(8, 16), NMSparse(2, 4, Transposable = true)] public partial Linear Stem { get; }
    [Linear(16, 16), NMSparse(1, 4, Policy = MaskPolicy.StraightThrough)] public partial Linear Mixer { get; }
    [Linear(16, 16), NMSparse(2, 4, Policy = MaskPolicy.BiMask)] public partial Linear Twice { get; }
    [Linear(16, 5), Bfloat16] public partial Linear Head { get; }

    Activation Forward([Input(8)] Activation x) => x.Through(Stem).Relu().Through(Mixer).Gelu().Through(Twice).Relu().Through(Head);
}

/// <summary>All kinds of blocks.</summary>
[SparseModel]
public sealed partial class BlockModel
{
    [Linear(8, 64)] public partial Linear Stem { get; }
    [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.75)] public partial Linear Graphs { get; }
    [Linear(64, 32), BlockSparse(Uniform, Sparsity = 0.5)] public partial Linear Even { get; }
    [Linear(32, 32), BlockSparse(Hierarchical, Sparsity = 0.75, OuterRows = 16, OuterCols = 16, PruneFrom = 1, PruneSteps = 4, PruneEvery = 1)] public partial Linear Nested { get; }
    [Linear(32, 16), BlockSparse(Learned, Penalty = 0.05)] public partial Linear Scaled { get; }
    [Linear(16, 5)] public partial Linear Head { get; }

    Activation Forward([Input(8)] Activation x) =>
        x.Through(Stem).Relu().Through(Graphs).Relu().Through(Even).Relu().Through(Nested).Relu().Through(Scaled).Relu().Through(Head);
}

/// <summary>Layers that find their own sparsity.</summary>
[SparseModel]
public sealed partial class AnnealedModel
{
    [Linear(8, 32), GradientAnneal] public partial Linear Stem { get; }
    [Linear(32, 16), GradientAnneal, Bfloat16] public partial Linear Mixer { get; }
    [Linear(16, 5)] public partial Linear Head { get; }

    Activation Forward([Input(8)] Activation x) => x.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
