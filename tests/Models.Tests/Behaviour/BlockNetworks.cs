namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Masks that are products of graphs, by two ways of making them.</summary>
[SparseModel, BlockSparse(RBGP4, Sparsity = 0.75)]
internal sealed partial class GraphDigits
{
    [Linear(784, 128)]
    public partial Linear Stem { get; }

    [Linear(128, 64), BlockSparse(RBGP4, Sparsity = 0.5, Seed = 3, Base = BaseGraph.Shift)]
    public partial Linear Mixer { get; }

    [Linear(64, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Gelu().Through(Head);
}

/// <summary>Blocks by their magnitude at the start.</summary>
[SparseModel, BlockSparse(Uniform, Sparsity = 0.75)]
internal sealed partial class UniformDigits
{
    [Linear(784, 128)]
    public partial Linear Stem { get; }

    [Linear(128, 64), BlockSparse(Uniform, Rows = 8, Cols = 2, Sparsity = 0.5, Balanced = false)]
    public partial Linear Mixer { get; }

    [Linear(64, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Gelu().Through(Head);
}

/// <summary>Blocks that are dropped while training, in both forms.</summary>
[SparseModel, BlockSparse(Hierarchical, OuterRows = 32, OuterCols = 16, Sparsity = 0.75, PruneFrom = 20, PruneSteps = 120, PruneEvery = 20)]
internal sealed partial class HierarchicalDigits
{
    [Linear(784, 128)]
    public partial Linear Stem { get; }

    [Linear(128, 64), BlockSparse(Hierarchical, Additive = true, Sparsity = 0.5, PruneFrom = 20, PruneSteps = 120, PruneEvery = 20)]
    public partial Linear Mixer { get; }

    [Linear(64, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Gelu().Through(Head);
}

/// <summary>Blocks with scales.</summary>
[SparseModel, BlockSparse(Learned, Penalty = 0.005)]
internal sealed partial class LearnedDigits
{
    [Linear(784, 128)]
    public partial Linear Stem { get; }

    [Linear(128, 64), BlockSparse(Learned, Rows = 16, Cols = 8)]
    public partial Linear Mixer { get; }

    [Linear(64, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Gelu().Through(Head);
}
