namespace SparseSharp.Models.Tests.Blocks;

/// <summary>One layer of each kind of blocks.</summary>
[SparseModel]
public sealed partial class BlockNet
{
    [Linear(64, 128), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Product { get; }

    [Linear(128, 64), BlockSparse(Uniform, Sparsity = 0.5)]
    public partial Linear Even { get; }

    [Linear(64, 64),
        BlockSparse(Hierarchical, Sparsity = 0.75, OuterRows = 16, OuterCols = 16, PruneFrom = 2, PruneSteps = 12, PruneEvery = 3)]
    public partial Linear Nested { get; }

    [Linear(64, 64), BlockSparse(
        Hierarchical, Sparsity = 0.8, OuterRows = 8, OuterCols = 16, Additive = true, PruneFrom = 1, PruneSteps = 13, PruneEvery = 4)]
    public partial Linear Additive { get; }

    [Linear(64, 32), BlockSparse(Learned, Penalty = 0.05)]
    public partial Linear Scaled { get; }

    [Linear(32, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(64)] Activation x)
    {
        var h = x.Through(Product).Relu().Through(Even).Relu();
        return (h + h.Through(Nested).Gelu() + h.Through(Additive).Relu()).Through(Scaled).Relu().Through(Head);
    }
}

/// <summary>As the first layer of <see cref="BlockNet"/>, with another mask.</summary>
[SparseModel]
public sealed partial class OtherSeed
{
    [Linear(64, 128), BlockSparse(RBGP4, Sparsity = 0.75, Seed = 1)]
    public partial Linear Product { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Product);
}

/// <summary>As the first layer of <see cref="BlockNet"/>.</summary>
[SparseModel]
public sealed partial class SameSeed
{
    [Linear(64, 128), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear Product { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Product);
}

/// <summary>As the first layer of <see cref="BlockNet"/>, without blocks.</summary>
[SparseModel]
public sealed partial class WithoutBlocks
{
    [Linear(64, 128)]
    public partial Linear Product { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Product);
}

#pragma warning disable SPS0085 // A sparsity that is rounded.

/// <summary>Learned blocks that are dropped until a sparsity is reached: the best of a layer stay, or as many of each row.</summary>
[SparseModel]
public sealed partial class Aimed
{
    [Linear(64, 32), BlockSparse(Learned, Sparsity = 0.75, PruneFrom = 2, PruneSteps = 12, PruneEvery = 3)]
    public partial Linear Free { get; }

    [Linear(32, 64), BlockSparse(
        Learned, Rows = 8, Cols = 8, Sparsity = 0.6, Penalty = 0.001, Balanced = true, PruneFrom = 1, PruneSteps = 13, PruneEvery = 4)]
    public partial Linear Even { get; }

    [Linear(64, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Free).Relu().Through(Even).Relu().Through(Head);
}

/// <summary>Its kernel is that of the examples: blocks of 2 x 2.</summary>
[SparseModel]
public sealed partial class Pairs
{
    [Linear(4, 2, Bias = false), BlockSparse(Learned, Rows = 2, Cols = 2, Penalty = 0.1)]
    public partial Linear Layer { get; }

    Activation Forward([Input(4)] Activation x) => x.Through(Layer);
}
