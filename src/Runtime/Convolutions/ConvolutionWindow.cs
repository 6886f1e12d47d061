using System.ComponentModel;
using SparseSharp.Convolutions;
using SparseSharp.Settings;

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
        var rows = new WindowAxis(KernelRows, StrideRows, Top, Bottom, DilationRows).Padded(image.Rows, Same);
        var columns = new WindowAxis(KernelColumns, StrideColumns, Left, Right, DilationColumns).Padded(image.Columns, Same);
        return new(rows.Before, columns.Before, rows.After, columns.After);
    }
}
