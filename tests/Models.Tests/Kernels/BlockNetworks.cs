namespace SparseSharp.Models.Tests.Kernels;

// Blocks of all kinds and sizes; the products of each layer are tested alone.

#pragma warning disable SPS0075 // Narrow blocks: their kernels are others.
#pragma warning disable SPS0085 // Sparsities that are rounded.

/// <summary>Planned factors: two sparse graphs, one in the tiles only, one between them only, narrow blocks.</summary>
[SparseModel]
internal sealed partial class ProductBlocks
{
    [Linear(256, 256), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear A { get; }

    [Linear(256, 256), BlockSparse(RBGP4, Sparsity = 0.5)]
    public partial Linear B { get; }

    [Linear(256, 256), BlockSparse(RBGP4, Sparsity = 0.9375)]
    public partial Linear C { get; }

    [Linear(256, 128), BlockSparse(RBGP4, Sparsity = 0.875)]
    public partial Linear D { get; }

    [Linear(128, 56), BlockSparse(RBGP4, Sparsity = 0.5)]
    public partial Linear E { get; }

    [Linear(56, 256, Bias = false), BlockSparse(RBGP4, Sparsity = 0.75)]
    public partial Linear F { get; }

    private Activation Forward([Input(256)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E).Through(F);
}

/// <summary>
/// Given factors: rows and columns that repeat, blocks that kernels take in several pieces, and rows that no kernel takes together.
/// </summary>
[SparseModel]
internal sealed partial class FactorBlocks
{
    [Linear(384, 384), BlockSparse(RBGP4, Factors = new[] { 8, 8, 1, 2, 3, 8, 8, 1, 3, 2 })]
    public partial Linear A { get; }

    [Linear(384, 192), BlockSparse(RBGP4, Factors = new[] { 8, 8, 1, 1, 3, 8, 8, 1, 3, 2 })]
    public partial Linear B { get; }

    [Linear(192, 512), BlockSparse(RBGP4, Factors = new[] { 8, 6, 1, 8, 1, 8, 8, 1, 1, 4 })]
    public partial Linear C { get; }

    [Linear(512, 128), BlockSparse(RBGP4, Factors = new[] { 8, 8, 1, 4, 2, 1, 1, 0, 4, 32 })]
    public partial Linear D { get; }

    [Linear(128, 64), BlockSparse(RBGP4, Factors = new[] { 1, 1, 0, 4, 4, 8, 8, 1, 2, 4 })]
    public partial Linear E { get; }

    private Activation Forward([Input(384)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E);
}

/// <summary>Blocks of one size.</summary>
[SparseModel]
internal sealed partial class UniformBlocks
{
    [Linear(300, 64), BlockSparse(Uniform, Sparsity = 0.75)]
    public partial Linear A { get; }

    [Linear(64, 36), BlockSparse(Uniform, Rows = 2, Cols = 8, Sparsity = 0.6, Balanced = false)]
    public partial Linear B { get; }

    [Linear(36, 21), BlockSparse(Uniform, Rows = 3, Cols = 9, Sparsity = 0.5)]
    public partial Linear C { get; }

    [Linear(21, 320), BlockSparse(Uniform, Rows = 1, Cols = 1, Sparsity = 0.9, Balanced = false)]
    public partial Linear D { get; }

    [Linear(320, 160), BlockSparse(Uniform, Rows = 16, Cols = 16, Sparsity = 0.9)]
    public partial Linear E { get; }

    [Linear(160, 8, Bias = false), BlockSparse(Uniform, Rows = 8, Cols = 2, Sparsity = 0.5)]
    public partial Linear F { get; }

    private Activation Forward([Input(300)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E).Through(F);
}

/// <summary>Layers whose blocks consist of blocks of four by four, of every kind.</summary>
[SparseModel]
internal sealed partial class FourBlocks
{
    [Linear(512, 512), BlockSparse(RBGP4, Sparsity = 0.875)]
    public partial Linear A { get; }

    [Linear(512, 256), BlockSparse(Uniform, Rows = 4, Cols = 4, Sparsity = 0.7)]
    public partial Linear B { get; }

    [Linear(256, 320), BlockSparse(Uniform, Rows = 8, Cols = 16, Sparsity = 0.8, Balanced = false)]
    public partial Linear C { get; }

    [Linear(320, 64), BlockSparse(Learned)]
    public partial Linear D { get; }

    private Activation Forward([Input(512)] Activation x) => x.Through(A).Through(B).Through(C).Through(D);
}

/// <summary>Layers in which all blocks are there at first.</summary>
[SparseModel]
internal sealed partial class OtherBlocks
{
    [Linear(96, 64), BlockSparse(Hierarchical, Sparsity = 0.75)]
    public partial Linear A { get; }

    [Linear(64, 32), BlockSparse(Learned)]
    public partial Linear B { get; }

    private Activation Forward([Input(96)] Activation x) => x.Through(A).Through(B);
}
