using System;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Block sparsity with a trainable scale for each block (DBSR, Vooturi et al., 2019). Blocks whose scale falls to zero are dropped, or,
/// with a <see cref="Sparsity"/>, those that are smallest with their scale, on a schedule while training. On a class it is the default of
/// its layers; on a layer it wins over the class.
/// </summary>
/// <remarks><c>[BlockSparse(Learned)]</c> with the same properties is the same.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class LearnedBlocksAttribute : Attribute
{
    /// <summary>Rows of a block; must divide the output features.</summary>
    public int Rows { get; set; } = BlockSettings.DefaultSize;

    /// <summary>Columns of a block; must divide the input features.</summary>
    public int Cols { get; set; } = BlockSettings.DefaultSize;

    /// <summary>
    /// Share of the blocks that are dropped in the end; greater than 0 and less than 1. Left out, the penalty alone decides.
    /// </summary>
    public double Sparsity { get; set; }

    /// <summary>
    /// The loss gets this times the sum of all scales; not negative. With a <see cref="Sparsity"/> it is 0 unless it is set.
    /// </summary>
    public double Penalty { get; set; } = BlockSettings.DefaultPenalty;

    /// <summary>
    /// With a <see cref="Sparsity"/>: whether every row of blocks keeps equally many; else the best blocks of the whole layer are kept.
    /// </summary>
    public bool Balanced { get; set; }

    /// <summary>With a <see cref="Sparsity"/>: the optimizer step of the first pruning, at least 1.</summary>
    public int PruneFrom { get; set; } = BlockSettings.DefaultPruneFrom;

    /// <summary>
    /// With a <see cref="Sparsity"/>: optimizer steps from the first pruning to the last, at least 1. Left out they are 1000, or fewer if
    /// the training is shorter: then the last pruning comes after three quarters of its steps.
    /// </summary>
    public int PruneSteps { get; set; } = BlockSettings.DefaultPruneSteps;

    /// <summary>With a <see cref="Sparsity"/>: optimizer steps between two prunings, at least 1.</summary>
    public int PruneEvery { get; set; } = BlockSettings.DefaultPruneEvery;
}
