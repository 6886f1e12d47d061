namespace SparseSharp.Kernels;

/// <summary>The gradient of some weights of four output channels, over the pixels of a list. All distances are in floats.</summary>
internal unsafe struct ConvolutionGradientRun
{
    /// <summary>Sums of a call: four channels by as many columns as a tile has pixels, or eight columns of a channel.</summary>
    public static int Sums => ConvolutionTiles.Rows * ConvolutionTiles.Pixels;

    /// <summary>Columns of a channel that are summed together.</summary>
    public const int Singles = 8;

    /// <summary>The input, where positions count from.</summary>
    public float* X;

    /// <summary>The gradient of the output, at channel 0.</summary>
    public float* DY;

    /// <summary>Distance between channels of <see cref="DY"/>.</summary>
    public nint ChannelStride;

    /// <summary>The pixels: where each lies in the input and in the gradient of the output.</summary>
    public int* Pixels;

    /// <summary>Pixels.</summary>
    public int PixelCount;

    /// <summary>Channels, in the order in which columns take them.</summary>
    public int* Rows;

    /// <summary>Positions of columns, call by call.</summary>
    public int* Index;

    /// <summary>Calls: columns whose sums fill the registers.</summary>
    public int Calls;

    /// <summary>Receives the sums of each call.</summary>
    public float* Target;

    /// <summary>Whether to add to what is there.</summary>
    public bool Accumulate;

    /// <summary>Where the sum of a row of the four and a column of the call lies.</summary>
    public static int Slot(int row, int column) =>
        column < 2 ? (2 * row) + column
        : ConvolutionTiles.Pixels == 3 ? (2 * ConvolutionTiles.Rows) + row
        : (2 * ConvolutionTiles.Rows) + (2 * row) + column - 2;
}
