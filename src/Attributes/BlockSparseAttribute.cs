using System;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Block sparsity: weights exist in dense blocks, so that rows share their columns and products run on whole vectors of weights.
/// On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
/// <remarks>
/// The short form of <see cref="Rbgp4BlocksAttribute"/>, <see cref="UniformBlocksAttribute"/>, <see cref="HierarchicalBlocksAttribute"/>
/// and <see cref="LearnedBlocksAttribute"/>, which have the options of one kind alone.
/// </remarks>
/// <param name="kind">Which blocks exist, and how that is decided. What the kind has no use for is reported.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class BlockSparseAttribute(BlockKind kind) : Attribute
{
    /// <summary>Which blocks exist, and how that is decided.</summary>
    public BlockKind Kind { get; } = kind;

    /// <summary>
    /// Share of the weights that do not exist (in the end, where it grows); greater than 0 and less than 1. For <see
    /// cref="BlockKind.RBGP4"/> one of 0.5, 0.75, 0.875, 0.9375, 0.96875 and 0.984375. For <see cref="BlockKind.Learned"/> it may be left
    /// out: then the penalty alone decides.
    /// </summary>
    public double Sparsity { get; set; }

    /// <summary>Of <see cref="BlockKind.RBGP4"/>: layers of equal shape and seed have the same mask.</summary>
    public ulong Seed { get; set; }

    /// <summary>Of <see cref="BlockKind.RBGP4"/>: how its graphs are made.</summary>
    public BaseGraph Base { get; set; }

    /// <summary>
    /// Of <see cref="BlockKind.RBGP4"/>: the factors, in place of planned ones, as ten numbers <c>{ Uo, Vo, so, Ur, Vr, Ui, Vi, si, Ub, Vb
    /// }</c>. The outer graph is <c>Uo x Vo</c> with <c>1 / 2^so</c> of its edges, rows repeat <c>Ur</c> and columns <c>Vr</c> times, the
    /// inner graph is <c>Ui x Vi</c> with <c>1 / 2^si</c>, and blocks are <c>Ub x Vb</c>.
    /// </summary>
    public int[] Factors { get; set; } = [];

    /// <summary>Rows of a block, or of a small block of <see cref="BlockKind.Hierarchical"/>; must divide the output features.</summary>
    public int Rows { get; set; } = BlockSettings.DefaultSize;

    /// <summary>Columns of a block, or of a small block of <see cref="BlockKind.Hierarchical"/>; must divide the input features.</summary>
    public int Cols { get; set; } = BlockSettings.DefaultSize;

    /// <summary>
    /// Of <see cref="BlockKind.Uniform"/>, and of <see cref="BlockKind.Learned"/> with a sparsity: whether every row of blocks keeps
    /// equally many; else the best blocks of the whole layer are kept, which is what <see cref="BlockKind.Learned"/> does unless this is
    /// set.
    /// </summary>
    public bool Balanced { get; set; } = true;

    /// <summary>Of <see cref="BlockKind.Hierarchical"/>: rows of a large block; a multiple of <see cref="Rows"/>.</summary>
    public int OuterRows { get; set; } = BlockSettings.DefaultOuterSize;

    /// <summary>Of <see cref="BlockKind.Hierarchical"/>: columns of a large block; a multiple of <see cref="Cols"/>.</summary>
    public int OuterCols { get; set; } = BlockSettings.DefaultOuterSize;

    /// <summary>
    /// Of <see cref="BlockKind.Hierarchical"/>: whether small blocks are kept beside the large ones instead of inside them.
    /// </summary>
    public bool Additive { get; set; }

    /// <summary>
    /// Of <see cref="BlockKind.Hierarchical"/>, and of <see cref="BlockKind.Learned"/> with a sparsity: the optimizer step of the first
    /// pruning, at least 1.
    /// </summary>
    public int PruneFrom { get; set; } = BlockSettings.DefaultPruneFrom;

    /// <summary>
    /// Of <see cref="BlockKind.Hierarchical"/>, and of <see cref="BlockKind.Learned"/> with a sparsity: optimizer steps from the first
    /// pruning to the last, at least 1. The large blocks of <see cref="BlockKind.Hierarchical"/> go in the first half of them. Left out
    /// they are 1000, or fewer if the training is shorter: then the last pruning comes after three quarters of its steps.
    /// </summary>
    public int PruneSteps { get; set; } = BlockSettings.DefaultPruneSteps;

    /// <summary>
    /// Of <see cref="BlockKind.Hierarchical"/>, and of <see cref="BlockKind.Learned"/> with a sparsity: optimizer steps between two
    /// prunings, at least 1.
    /// </summary>
    public int PruneEvery { get; set; } = BlockSettings.DefaultPruneEvery;

    /// <summary>
    /// Of <see cref="BlockKind.Learned"/>: the loss gets this times the sum of all scales; not negative. With a sparsity it is 0 unless it
    /// is set.
    /// </summary>
    public double Penalty { get; set; } = BlockSettings.DefaultPenalty;
}
