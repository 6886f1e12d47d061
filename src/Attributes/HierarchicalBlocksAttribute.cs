using System;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Block sparsity in two levels: large blocks and small ones (after HBsNN, Vooturi et al., 2018), pruned by magnitude on a schedule while
/// training. Only the weights of blocks that are left exist. On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
/// <remarks><c>[BlockSparse(Hierarchical)]</c> with the same properties is the same.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class HierarchicalBlocksAttribute : Attribute
{
    /// <summary>Share of the weights that are dropped in the end; greater than 0 and less than 1.</summary>
    public double Sparsity { get; set; }

    /// <summary>Rows of a small block.</summary>
    public int Rows { get; set; } = BlockSettings.DefaultSize;

    /// <summary>Columns of a small block.</summary>
    public int Cols { get; set; } = BlockSettings.DefaultSize;

    /// <summary>Rows of a large block; a multiple of <see cref="Rows"/> that divides the output features.</summary>
    public int OuterRows { get; set; } = BlockSettings.DefaultOuterSize;

    /// <summary>Columns of a large block; a multiple of <see cref="Cols"/> that divides the input features.</summary>
    public int OuterCols { get; set; } = BlockSettings.DefaultOuterSize;

    /// <summary>Whether small blocks are kept beside the large ones instead of inside them.</summary>
    public bool Additive { get; set; }

    /// <summary>The optimizer step of the first pruning, at least 1.</summary>
    public int PruneFrom { get; set; } = BlockSettings.DefaultPruneFrom;

    /// <summary>
    /// Optimizer steps from the first pruning to the last, at least 1. The large blocks go in the first half of them. Left out they are
    /// 1000, or fewer if the training is shorter: then the last pruning comes after three quarters of its steps.
    /// </summary>
    public int PruneSteps { get; set; } = BlockSettings.DefaultPruneSteps;

    /// <summary>Optimizer steps between two prunings, at least 1.</summary>
    public int PruneEvery { get; set; } = BlockSettings.DefaultPruneEvery;
}
