namespace SparseSharp.Models.Tests.Behaviour;

// The network of the accuracy figures with blocks; narrow ones come from the few factors of two in 784.
#pragma warning disable SPS0075

/// <summary>A product of graphs keeps a quarter of the weights.</summary>
[SparseModel]
internal sealed partial class DigitsProduct75
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A product of graphs keeps an eighth of the weights.</summary>
[SparseModel]
internal sealed partial class DigitsProduct87
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.875)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.875)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A product of graphs keeps a sixteenth of the weights.</summary>
[SparseModel]
internal sealed partial class DigitsProduct93
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.9375)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.9375)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A quarter of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel]
internal sealed partial class DigitsUniform75
{
    [Linear(784, 1024), BlockSparse(Uniform, Sparsity = 0.75)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Uniform, Sparsity = 0.75)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>An eighth of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel]
internal sealed partial class DigitsUniform87
{
    [Linear(784, 1024), BlockSparse(Uniform, Sparsity = 0.875)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Uniform, Sparsity = 0.875)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A sixteenth of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel]
internal sealed partial class DigitsUniform93
{
    [Linear(784, 1024), BlockSparse(Uniform, Sparsity = 0.9375)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Uniform, Sparsity = 0.9375)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until a quarter of the weights is left.</summary>
[SparseModel]
internal sealed partial class DigitsHierarchical75
{
    [Linear(784, 1024), BlockSparse(Hierarchical, Sparsity = 0.75, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Hierarchical, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until an eighth of the weights is left.</summary>
[SparseModel]
internal sealed partial class DigitsHierarchical87
{
    [Linear(784, 1024), BlockSparse(Hierarchical, Sparsity = 0.875, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Hierarchical, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until a sixteenth of the weights is left.</summary>
[SparseModel]
internal sealed partial class DigitsHierarchical93
{
    [Linear(784, 1024), BlockSparse(Hierarchical, Sparsity = 0.9375, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Hierarchical, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until a quarter of them is left.</summary>
[SparseModel]
internal sealed partial class DigitsLearned75
{
    [Linear(784, 1024), BlockSparse(Learned, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Learned, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until an eighth of them is left.</summary>
[SparseModel]
internal sealed partial class DigitsLearned87
{
    [Linear(784, 1024), BlockSparse(Learned, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Learned, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until a sixteenth of them is left.</summary>
[SparseModel]
internal sealed partial class DigitsLearned93
{
    [Linear(784, 1024), BlockSparse(Learned, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Learned, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
