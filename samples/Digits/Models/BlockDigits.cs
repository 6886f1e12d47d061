using SparseSharp;

namespace Digits.Models;

// The networks of --model blocks: the same shapes as DigitNet, with blocks of all kinds. 784 inputs have few factors of two, so that the sparser products
// of graphs have blocks of fewer than four columns; the compiler warns of that.
#pragma warning disable SPS0075

/// <summary>A product of graphs keeps a quarter of the weights.</summary>
[SparseModel]
internal sealed partial class Product75DigitNet
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A product of graphs keeps an eighth of the weights.</summary>
[SparseModel]
internal sealed partial class Product87DigitNet
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.875)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.875)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A product of graphs keeps a sixteenth of the weights.</summary>
[SparseModel]
internal sealed partial class Product93DigitNet
{
    [Linear(784, 1024), BlockSparse(RBGP4, Sparsity = 0.9375)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(RBGP4, Sparsity = 0.9375)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A quarter of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel]
internal sealed partial class Uniform75DigitNet
{
    [Linear(784, 1024), BlockSparse(Uniform, Sparsity = 0.75)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Uniform, Sparsity = 0.75)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>An eighth of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel]
internal sealed partial class Uniform87DigitNet
{
    [Linear(784, 1024), BlockSparse(Uniform, Sparsity = 0.875)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Uniform, Sparsity = 0.875)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>A sixteenth of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel]
internal sealed partial class Uniform93DigitNet
{
    [Linear(784, 1024), BlockSparse(Uniform, Sparsity = 0.9375)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Uniform, Sparsity = 0.9375)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until a quarter of the weights is left.</summary>
[SparseModel]
internal sealed partial class Hierarchical75DigitNet
{
    [Linear(784, 1024), BlockSparse(Hierarchical, Sparsity = 0.75, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Hierarchical, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until an eighth of the weights is left.</summary>
[SparseModel]
internal sealed partial class Hierarchical87DigitNet
{
    [Linear(784, 1024), BlockSparse(Hierarchical, Sparsity = 0.875, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Hierarchical, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until a sixteenth of the weights is left.</summary>
[SparseModel]
internal sealed partial class Hierarchical93DigitNet
{
    [Linear(784, 1024), BlockSparse(Hierarchical, Sparsity = 0.9375, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Hierarchical, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until a quarter of them is left.</summary>
[SparseModel]
internal sealed partial class Learned75DigitNet
{
    [Linear(784, 1024), BlockSparse(Learned, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Learned, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until an eighth of them is left.</summary>
[SparseModel]
internal sealed partial class Learned87DigitNet
{
    [Linear(784, 1024), BlockSparse(Learned, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Learned, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}

/// <summary>Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until a sixteenth of them is left.</summary>
[SparseModel]
internal sealed partial class Learned93DigitNet
{
    [Linear(784, 1024), BlockSparse(Learned, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }

    [Linear(1024, 1024), BlockSparse(Learned, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Mixer { get; }

    [Linear(1024, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(28, 28)] Activation image) =>
        image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
