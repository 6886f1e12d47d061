namespace SparseSharp.Kernels;

/// <summary>How the weights of four channels are packed.</summary>
internal enum ConvolutionFormat
{
    /// <summary>Columns that all four channels keep: dense weights, and blocks of four rows.</summary>
    Columns,

    /// <summary>Pairs of columns, each for two of the channels: 2:4 and 1:2 transposable.</summary>
    Pairs,

    /// <summary>Pairs, and a column for each channel of what finds no partner.</summary>
    PairsAndSingles,

    /// <summary>A column for each channel.</summary>
    Singles,

    /// <summary>Columns of one channel, which is all that a group has: depthwise convolutions.</summary>
    OneChannel,
}
