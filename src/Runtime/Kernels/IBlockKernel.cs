using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>What the text of kernels over blocks is compiled for. The generator emits one type per size of blocks.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IBlockKernel
{
    /// <summary>Rows that lie together in the packed weights of a column.</summary>
    static abstract int Rows { get; }

    /// <summary>Rows of a tile, what <see cref="Rows"/> are cut into: 4, 2 or 1.</summary>
    static abstract int TileRows { get; }

    /// <summary>Columns of a block: 4, 2 or 1.</summary>
    static abstract int Columns { get; }
}
