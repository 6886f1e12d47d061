using System;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Block sparsity by magnitude: blocks of one size, those with the largest sums of squares. They are chosen when the layer gets its
/// weights; only kept weights exist. On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
/// <remarks><c>[BlockSparse(Uniform)]</c> with the same properties is the same.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class UniformBlocksAttribute : Attribute
{
    /// <summary>Share of the blocks that are dropped; greater than 0 and less than 1.</summary>
    public double Sparsity { get; set; }

    /// <summary>Rows of a block; must divide the output features.</summary>
    public int Rows { get; set; } = BlockSettings.DefaultSize;

    /// <summary>Columns of a block; must divide the input features.</summary>
    public int Cols { get; set; } = BlockSettings.DefaultSize;

    /// <summary>Whether every row of blocks keeps equally many; else the best blocks of the whole layer are kept.</summary>
    public bool Balanced { get; set; } = true;
}
