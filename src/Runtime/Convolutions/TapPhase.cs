using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>A weight of the kernel, and how far from an output pixel's place in the input its pixel lies.</summary>
internal readonly record struct Tap(int Number, int Row, int Column);

/// <summary>
/// Output pixels that read the same taps: all of them in a forward pass, and those of a parity of row and column in the gradient of the
/// input of a convolution with stride 2, where each tap meets one parity.
/// </summary>
/// <param name="Count">Pixels of the output.</param>
/// <param name="First">The first of them.</param>
/// <param name="Stride">From one to the next.</param>
/// <param name="InputStride">From the input pixel of one to that of the next.</param>
/// <param name="InputSize">Size of what is read.</param>
/// <param name="Taps">What each pixel reads, from its place in the input on.</param>
internal sealed record TapPhase(Extent Count, Extent First, Extent Stride, Extent InputStride, Extent InputSize, Tap[] Taps)
{
    /// <summary>Lines beyond the input that some pixel reads.</summary>
    public int Border
    {
        get
        {
            var border = 0;
            foreach (var tap in Taps)
            {
                border = Math.Max(border, Math.Max(-tap.Row, -tap.Column));
                border = Math.Max(border, ((Count.Rows - 1) * InputStride.Rows) + tap.Row - InputSize.Rows + 1);
                border = Math.Max(border, ((Count.Columns - 1) * InputStride.Columns) + tap.Column - InputSize.Columns + 1);
            }
            return border;
        }
    }

    /// <summary>What the output reads of the input.</summary>
    public static TapPhase Forward(ConvolutionShape shape)
    {
        var taps = new Tap[shape.Taps];
        for (var tap = 0; tap < taps.Length; tap++)
        {
            var (row, column) = Math.DivRem(tap, shape.Kernel.Columns);
            taps[tap] = new(tap, (row * shape.Dilation.Rows) - shape.Padding.Top, (column * shape.Dilation.Columns) - shape.Padding.Left);
        }
        return new(shape.Output, new(0, 0), Extent.Square(1), shape.Stride, shape.Image, taps);
    }

    /// <summary>What the gradient of the input reads of that of the output.</summary>
    public static IEnumerable<TapPhase> GradInput(ConvolutionShape shape)
    {
        var (rows, columns) = (shape.Stride.Rows, shape.Stride.Columns);
        for (var row = 0; row < Math.Min(rows, shape.Image.Rows); row++)
        {
            for (var column = 0; column < Math.Min(columns, shape.Image.Columns); column++)
            {
                yield return new(
                    new((shape.Image.Rows - row + rows - 1) / rows, (shape.Image.Columns - column + columns - 1) / columns),
                    new(row, column), shape.Stride, Extent.Square(1), shape.Output, [.. GradTaps(shape, row, column)]);
            }
        }
    }

    /// <summary>Whether a pixel's tap lies in the input, not beside it.</summary>
    public bool IsInside(Extent pixel, Tap tap) =>
        (uint)((pixel.Rows * InputStride.Rows) + tap.Row) < (uint)InputSize.Rows &&
        (uint)((pixel.Columns * InputStride.Columns) + tap.Column) < (uint)InputSize.Columns;

    private static IEnumerable<Tap> GradTaps(ConvolutionShape shape, int row, int column)
    {
        for (var tap = 0; tap < shape.Taps; tap++)
        {
            var (kernelRow, kernelColumn) = Math.DivRem(tap, shape.Kernel.Columns);
            var fromRow = row + shape.Padding.Top - (kernelRow * shape.Dilation.Rows);
            var fromColumn = column + shape.Padding.Left - (kernelColumn * shape.Dilation.Columns);
            if (fromRow % shape.Stride.Rows == 0 && fromColumn % shape.Stride.Columns == 0)
                yield return new(tap, fromRow / shape.Stride.Rows, fromColumn / shape.Stride.Columns);
        }
    }
}
