using SparseSharp;

namespace Digits.Models;

// The networks of --model blocks: DigitNet with blocks of all kinds. 784 inputs have few factors of two, so that the sparser products
// of graphs have blocks of fewer than four columns; the compiler warns of that.
#pragma warning disable SPS0075

/// <summary>A product of graphs keeps a quarter of the weights.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(RBGP4, Sparsity = 0.75)]
internal sealed partial class Product75DigitNet;

/// <summary>A product of graphs keeps an eighth of the weights.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(RBGP4, Sparsity = 0.875)]
internal sealed partial class Product87DigitNet;

/// <summary>A product of graphs keeps a sixteenth of the weights.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(RBGP4, Sparsity = 0.9375)]
internal sealed partial class Product93DigitNet;

/// <summary>A quarter of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Uniform, Sparsity = 0.75)]
internal sealed partial class Uniform75DigitNet;

/// <summary>An eighth of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Uniform, Sparsity = 0.875)]
internal sealed partial class Uniform87DigitNet;

/// <summary>A sixteenth of the blocks of 4 by 4, the largest of the initial weights.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Uniform, Sparsity = 0.9375)]
internal sealed partial class Uniform93DigitNet;

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until a quarter of the weights is left.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Hierarchical, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
internal sealed partial class Hierarchical75DigitNet
{
    [BlockSparse(Hierarchical, Sparsity = 0.75, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }
}

/// <summary>Large blocks, then small ones inside them, are dropped in the first 900 steps until an eighth of the weights is left.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Hierarchical, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
internal sealed partial class Hierarchical87DigitNet
{
    [BlockSparse(Hierarchical, Sparsity = 0.875, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }
}

/// <summary>
/// Large blocks, then small ones inside them, are dropped in the first 900 steps until a sixteenth of the weights is left.
/// </summary>
[SparseModel(VariantOf = typeof(DigitNet)),
    BlockSparse(Hierarchical, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
internal sealed partial class Hierarchical93DigitNet
{
    [BlockSparse(Hierarchical, Sparsity = 0.9375, OuterCols = 28, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
    public partial Linear Stem { get; }
}

/// <summary>
/// Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until a quarter of
/// them is left.
/// </summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Learned, Sparsity = 0.75, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
internal sealed partial class Learned75DigitNet;

/// <summary>
/// Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until an eighth of
/// them is left.
/// </summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Learned, Sparsity = 0.875, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
internal sealed partial class Learned87DigitNet;

/// <summary>
/// Every block of 4 by 4 has a trainable scale, and those that are smallest with it are dropped in the first 900 steps until a sixteenth of
/// them is left.
/// </summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(Learned, Sparsity = 0.9375, PruneFrom = 100, PruneSteps = 800, PruneEvery = 50)]
internal sealed partial class Learned93DigitNet;
