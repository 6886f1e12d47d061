using System.ComponentModel;
using SparseSharp.Convolutions;

namespace SparseSharp.Kernels;

/// <summary>What a convolution reads for an output pixel, whatever the size of its images.</summary>
/// <param name="KernelRows">Rows of the kernel.</param>
/// <param name="KernelColumns">Columns of the kernel.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ConvolutionWindow(int KernelRows, int KernelColumns)
{
    /// <summary>Rows from an output pixel to the next, in the input.</summary>
    public int StrideRows { get; init; } = 1;

    /// <summary>Columns from an output pixel to the next, in the input.</summary>
    public int StrideColumns { get; init; } = 1;

    /// <summary>Rows of zeros above the input.</summary>
    public int Top { get; init; }

    /// <summary>Columns of zeros to the left of the input.</summary>
    public int Left { get; init; }

    /// <summary>Rows of zeros below the input.</summary>
    public int Bottom { get; init; }

    /// <summary>Columns of zeros to the right of the input.</summary>
    public int Right { get; init; }

    /// <summary>Rows from a tap to the next.</summary>
    public int DilationRows { get; init; } = 1;

    /// <summary>Columns from a tap to the next.</summary>
    public int DilationColumns { get; init; } = 1;

    /// <summary>Parts of the channels that do not mix.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether paddings follow from the size of the images instead.</summary>
    public SamePadding Same { get; init; }

    /// <summary>Taps of the kernel.</summary>
    internal int Taps => checked(KernelRows * KernelColumns);

    /// <summary>For example <c>3 x 3, stride 2, padding 1</c>.</summary>
    public override string ToString()
    {
        var words = $"{KernelRows} x {KernelColumns}";
        if ((StrideRows, StrideColumns) != (1, 1))
            words += $", stride {Both(StrideRows, StrideColumns)}";
        if ((Top, Left) == (Bottom, Right) && Top == Left)
            words += Top == 0 ? "" : $", padding {Top}";
        else
            words += $", padding {Top} {Left} {Bottom} {Right}";
        if ((DilationRows, DilationColumns) != (1, 1))
            words += $", dilation {Both(DilationRows, DilationColumns)}";
        return Groups == 1 ? words : $"{words}, {Groups} groups";

        static string Both(int rows, int columns) => rows == columns ? $"{rows}" : $"{rows} x {columns}";
    }

    /// <summary>The convolution of images of a size.</summary>
    internal ConvolutionShape Over(int inputs, int outputs, Extent image) => new(
        inputs, outputs, image, new(KernelRows, KernelColumns), new(StrideRows, StrideColumns), PaddingOf(image),
        new(DilationRows, DilationColumns), Groups);

    private Margins PaddingOf(Extent image)
    {
        if (Same == SamePadding.None)
            return new(Top, Left, Bottom, Right);
        var (top, bottom) = Split(image.Rows, KernelRows, StrideRows, DilationRows);
        var (left, right) = Split(image.Columns, KernelColumns, StrideColumns, DilationColumns);
        return new(top, left, bottom, right);
    }

    /// <summary>The zeros of a direction before and behind the image, for <c>ceil(size / stride)</c> output pixels.</summary>
    private (int Before, int After) Split(int size, int kernel, int stride, int dilation)
    {
        var output = (size + stride - 1) / stride;
        var padding = Math.Max(0, ((output - 1) * stride) + ((kernel - 1) * dilation) + 1 - size);
        var less = padding / 2;
        return Same == SamePadding.Upper ? (less, padding - less) : (padding - less, less);
    }
}
