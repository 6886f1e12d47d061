namespace SparseSharp.Kernels;

/// <summary>Consecutive blocks of four rows of packed weights, times one block of depth of a panel.</summary>
internal ref struct BucketRun
{
    /// <summary>The panel, at the first k of the depth block.</summary>
    public ref float X;

    /// <summary>The output: at the first row of the run where pairs make up all of it, else at row 0.</summary>
    public ref float Y;

    /// <summary>
    /// The rows of each block, four of them; where pairs make up all of a block, its rows are neighbours and this is not read.
    /// </summary>
    public ref int Rows;

    /// <summary>Positions of columns within the depth block, list by list.</summary>
    public ref ushort Index;

    /// <summary>Kept weights in the order of <see cref="Index"/>.</summary>
    public ref float Values;

    /// <summary>Quads per list and block.</summary>
    public ref ushort Counts;

    /// <summary>Distance between blocks in <see cref="Index"/>.</summary>
    public nint IndexStride;

    /// <summary>Distance between blocks in <see cref="Values"/>.</summary>
    public nint ValueStride;

    /// <summary>Blocks of four rows.</summary>
    public int Blocks;

    /// <summary>Bias of the row that <see cref="Y"/> is at, for <see cref="TileOptions.Bias"/>.</summary>
    public ref float Bias;

    /// <summary>Gate at that row, for <see cref="TileOptions.Gate"/>; laid out as <see cref="Y"/>.</summary>
    public ref float Gate;

    /// <summary>Start and write-out.</summary>
    public TileOptions Options;
}
