using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>Kernels of a weight gradient.</summary>
internal enum GradientKernel
{
    /// <summary>The same columns for four rows.</summary>
    Columns,

    /// <summary>Pairs of columns, each for two rows.</summary>
    Pairs,

    /// <summary>Columns of one row.</summary>
    Singles,
}

/// <summary>Calls of one kernel with one list of pixels: columns whose sums fill the registers.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="List">The list of pixels.</param>
/// <param name="Rows">Where its four rows stand.</param>
/// <param name="Index">Where its positions begin.</param>
/// <param name="Target">Where its sums begin.</param>
/// <param name="Calls">Calls.</param>
internal readonly record struct GradientRecord(GradientKernel Kernel, int List, int Rows, int Index, int Target, int Calls);

/// <summary>Where records, positions and sums begin; or how many there are, with a record for each call.</summary>
internal readonly record struct GradientStart(int Record, int Position, int Sum);

/// <summary>What a call takes, by the list of columns that it comes from, in the order of <see cref="ColumnLists.Kinds"/>.</summary>
internal static class GradientCall
{
    /// <summary>The kernel.</summary>
    public static GradientKernel KernelOf(int kind, ConvolutionFormat format) =>
        kind > BucketKernel.PairLists || format == ConvolutionFormat.OneChannel ? GradientKernel.Singles
        : kind > 0 ? GradientKernel.Pairs
        : GradientKernel.Columns;

    /// <summary>Columns or pairs of a call.</summary>
    public static int ColumnsOf(GradientKernel kernel) =>
        kernel == GradientKernel.Singles ? ConvolutionGradientRun.Singles : ConvolutionTiles.Pixels;

    /// <summary>Its positions.</summary>
    public static int PositionsOf(GradientKernel kernel) =>
        kernel == GradientKernel.Pairs ? 2 * ConvolutionTiles.Pixels : ColumnsOf(kernel);

    /// <summary>Its sums.</summary>
    public static int SumsOf(GradientKernel kernel) =>
        kernel == GradientKernel.Singles ? ConvolutionGradientRun.Singles : ConvolutionGradientRun.Sums;

    /// <summary>One of its four rows, by its number in the tile.</summary>
    public static int RowOf(int kind, int row) => kind == 0 ? row
        : kind <= BucketKernel.PairLists ? BucketKernel.PairRows[(4 * (kind - 1)) + row]
        : kind - 1 - BucketKernel.PairLists;
}
