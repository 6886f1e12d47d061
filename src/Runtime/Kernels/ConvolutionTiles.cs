namespace SparseSharp.Kernels;

/// <summary>The tiles of convolution kernels: four channels by a few pixels of a vector of samples each.</summary>
internal static class ConvolutionTiles
{
    /// <summary>Channels of a tile.</summary>
    public const int Rows = 4;

    /// <summary>
    /// Pixels of a tile: 16 accumulators of 32 registers, or 12 of 16. Both are more than hide the latency of a multiply-add.
    /// </summary>
    public static int Pixels => PanelGeometry.Has512 ? 4 : 3;

    /// <summary>
    /// Numbers of a tile in a table, in floats: where its first pixel lies in the input, and from there to the others; the same of the
    /// output.
    /// </summary>
    public const int Record = 8;

    /// <summary>Where the numbers of the output begin.</summary>
    public const int Output = 4;

    /// <summary>
    /// Numbers of a segment: where its positions begin, where its weights begin, and quads of its lists
    /// (<see cref="BucketKernel.PairLists"/> lists of pairs and one of singles, or columns alone).
    /// </summary>
    public const int Segment = 6;
}
