namespace SparseSharp.Kernels;

/// <summary>
/// Some weights of four channels, times the lines of consecutive tiles of pixels. A line is a pixel of a channel in a vector of samples;
/// all distances are in floats.
/// </summary>
internal unsafe struct ConvolutionRun
{
    /// <summary>The input, where positions count from.</summary>
    public float* X;

    /// <summary>The output, at channel 0.</summary>
    public float* Y;

    /// <summary>Distance between channels of <see cref="Y"/>.</summary>
    public nint ChannelStride;

    /// <summary>The first tile, <see cref="ConvolutionTiles.Record"/> numbers each.</summary>
    public int* Tiles;

    /// <summary>Tiles.</summary>
    public int TileCount;

    /// <summary>The channels of the tile, four numbers; those behind <see cref="Channels"/> are not written.</summary>
    public int* Rows;

    /// <summary>Channels that exist, 1 to 4.</summary>
    public int Channels;

    /// <summary>The segments of the channels, <see cref="ConvolutionTiles.Segment"/> numbers each.</summary>
    public int* Segments;

    /// <summary>Which of the segments to go through.</summary>
    public int* Spans;

    /// <summary>How many of them.</summary>
    public int SpanCount;

    /// <summary>Positions of columns in the input, from that of a pixel on.</summary>
    public int* Index;

    /// <summary>Weights in the order of <see cref="Index"/>.</summary>
    public float* Weights;

    /// <summary>Bias of channel 0, for <see cref="ConvolutionOptions.Bias"/>.</summary>
    public float* Bias;

    /// <summary>Factor of channel 0, for <see cref="ConvolutionOptions.Scale"/>.</summary>
    public float* Scale;

    /// <summary>What is added to channel 0 behind its factor.</summary>
    public float* Shift;

    /// <summary>Laid out as <see cref="Y"/>, for <see cref="ConvolutionOptions.Residual"/>.</summary>
    public float* Residual;

    /// <summary>Laid out as <see cref="Y"/>, for <see cref="ConvolutionOptions.Gate"/>.</summary>
    public float* Gate;

    /// <summary>Two vectors for each channel, sums and sums of squares, for <see cref="ConvolutionOptions.Sums"/>.</summary>
    public float* Sums;

    /// <summary>For each tile as many numbers as it has pixels: where in <see cref="Lanes"/> it says which samples count.</summary>
    public int* Counted;

    /// <summary>Vectors that are positive in lanes that count.</summary>
    public float* Lanes;

    /// <summary>Start and write-out.</summary>
    public ConvolutionOptions Options;
}
