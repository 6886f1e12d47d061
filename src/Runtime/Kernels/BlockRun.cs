namespace SparseSharp.Kernels;

/// <summary>
/// Consecutive tiles of a layer whose weights are blocks: a tile is a few rows that share a list of columns. Lists are nested: an outer one
/// says where parts of the columns begin, an inner one which blocks of columns are kept there.
/// </summary>
internal ref struct BlockRun
{
    /// <summary>The panel of the input, or of its gradient.</summary>
    public ref float X;

    /// <summary>The panel of the output, or of its gradient, at the first row of the first tile.</summary>
    public ref float Y;

    /// <summary>Features from the first row of a tile to its second.</summary>
    public nint Row1;

    /// <summary>Features from the first row of a tile to its third.</summary>
    public nint Row2;

    /// <summary>Features from the first row of a tile to its fourth.</summary>
    public nint Row3;

    /// <summary>Features from a tile to the next.</summary>
    public nint TileStride;

    /// <summary>Tiles.</summary>
    public int Tiles;

    /// <summary>Weights of the tile whose inner list begins at 0, in the first of the parts.</summary>
    public ref float Values;

    /// <summary>Weights of all tiles per entry of the inner lists: a block's, for each part that a tile keeps something of.</summary>
    public nint EntryStride;

    /// <summary>Parts of the columns that the tiles keep something of.</summary>
    public ref ushort Outer;

    /// <summary>Entries of <see cref="Outer"/>.</summary>
    public int OuterCount;

    /// <summary>Features of a part.</summary>
    public nint OuterStride;

    /// <summary>Blocks of columns within a part, ascending: the lists of all tiles.</summary>
    public ref ushort Inner;

    /// <summary>Where the list of the first tile begins in <see cref="Inner"/>.</summary>
    public ref int Starts;

    /// <summary>From the begin of a list to its end, in <see cref="Starts"/>.</summary>
    public nint ListStride;

    /// <summary>From the begin of a tile's list to that of the next tile, in <see cref="Starts"/>.</summary>
    public nint StartStride;

    /// <summary>Bias of the first row, for <see cref="TileOptions.Bias"/>.</summary>
    public ref float Bias;

    /// <summary>Gate at the first row, for <see cref="TileOptions.Gate"/>; laid out as the output.</summary>
    public ref float Gate;

    /// <summary>Panels of equal width that a weight gradient sums over.</summary>
    public int Panels;

    /// <summary>Floats from a panel to the next, in <see cref="X"/> and in <see cref="Y"/>.</summary>
    public nint PanelStride;

    /// <summary>Start and write-out.</summary>
    public TileOptions Options;
}
