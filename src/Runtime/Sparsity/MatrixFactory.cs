using SparseSharp.Kernels;
using SparseSharp.Learning;
using SparseSharp.Matrices;

namespace SparseSharp.Sparsity;

/// <summary>
/// Makes what a pattern needs: the matrix that holds the weights, and the rule by which they learn. Nobody else knows which go together.
/// </summary>
internal static class MatrixFactory
{
    /// <summary>Memory for the weights of a product, and their rule.</summary>
    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    /// <param name="pattern">The pattern, or null for a dense matrix.</param>
    /// <param name="kernels">The kernels that will read the weights.</param>
    /// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
    /// <param name="canLearnPacked">Whether the product gives the gradient of annealed weights in the order of packed ones.</param>
    /// <exception cref="ArgumentException">The pattern does not fit the shape or the kernels.</exception>
    public static UpdateRule Make(
        int rows, int columns, SparsityPattern? pattern, ProductKernels kernels, bool rounds, bool canLearnPacked = true)
    {
        pattern?.Check(columns, rows);
        return pattern switch
        {
            null => new DenseRule(new DenseMatrix(rows, columns, rounds)),
            { Annealed: not null } => new AnnealRule(
                new AnnealedMatrix(rows, columns, pattern, FormatOf(kernels), rounds),
                canLearnPacked && kernels.Gradients is null && kernels.Inputs is null),
            NMPattern { Policy: MaskPolicy.SoftThreshold } soft =>
                new SoftThresholdRule(new SoftThresholdMatrix(rows, columns, soft, FormatOf(kernels), rounds)),
            NMPattern grid => RuleOf(new NMMatrix(rows, columns, grid, FormatOf(kernels), rounds)),
            RamanujanPattern graphs => new BlockRule(
                new GraphMatrix(rows, columns, graphs, KernelColumns(kernels, pattern, graphs.TileRows, graphs.BlockColumns), rounds)),
            LearnedBlockPattern learned =>
                new LearnedBlockRule(new LearnedBlockMatrix(rows, columns, learned, KernelColumns(kernels, learned), rounds), learned),
            HierarchicalBlockPattern shrinking =>
                new ShrinkingBlockRule(
                    new ChosenBlockMatrix(rows, columns, shrinking, KernelColumns(kernels, shrinking), rounds), shrinking),
            BlockPattern chosen => new BlockRule(new ChosenBlockMatrix(rows, columns, chosen, KernelColumns(kernels, chosen), rounds)),
            _ => throw new ArgumentException($"Nobody knows how to hold weights with {pattern} sparsity.", nameof(pattern)),
        };
    }

    /// <summary>
    /// The rule of a matrix with a mask while it runs without that: as a dense one, but a phase of <see cref="MaskPolicy.Step"/> is
    /// measured.
    /// </summary>
    public static DenseRule MakeUnmasked(Matrix matrix, SparsityPattern pattern) =>
        pattern.StartsDense ? new VarianceRule(matrix) : new DenseRule(matrix);

    private static UpdateRule RuleOf(NMMatrix matrix) => matrix.Pattern.Policy switch
    {
        MaskPolicy.Static => new KeptRule(matrix),
        MaskPolicy.Regrow => new RegrowRule(matrix),
        _ => new MasterRule(matrix),
    };

    private static BucketFormat FormatOf(ProductKernels kernels) =>
        kernels.Format ?? throw new ArgumentException("A layer with a mask needs kernels for packed weights.", nameof(kernels));

    private static int KernelColumns(ProductKernels kernels, BlockPattern pattern) =>
        KernelColumns(kernels, pattern, pattern.Block.Rows, pattern.Block.Columns);

    /// <summary>Columns that kernels take at a time: they divide those of a block.</summary>
    private static int KernelColumns(ProductKernels kernels, SparsityPattern pattern, int rows, int columns) =>
        kernels.Block is { } kernel && kernel.Rows == rows && columns % kernel.Columns == 0
            ? kernel.Columns
            : throw new ArgumentException($"{pattern} needs kernels for blocks of {rows} rows by {columns} columns.", nameof(kernels));
}
