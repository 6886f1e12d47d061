using System.Globalization;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Layers;

/// <summary>What a convolution reads for an output pixel, in rows and in columns.</summary>
internal sealed record ConvolutionWindow(WindowAxis Vertical, WindowAxis Horizontal, int Groups, SamePadding Same)
{
    /// <summary>Whether all numbers are in their ranges.</summary>
    public bool IsValid => Groups > 0 && Vertical.IsValid && Horizontal.IsValid;

    /// <summary>Weights of an output channel for one input channel.</summary>
    public long Taps => (long)Vertical.Kernel * Horizontal.Kernel;

    /// <summary>The pixels that a kernel reaches over, in words.</summary>
    public string Reach => $"{Vertical.Reach} x {Horizontal.Reach}";

    /// <summary>Rows and columns of the output.</summary>
    public (int Rows, int Columns) OutputSize(Shape input) =>
        (Vertical.Padded(input.Dimensions[1], Same).Output(input.Dimensions[1]),
            Horizontal.Padded(input.Dimensions[2], Same).Output(input.Dimensions[2]));

    /// <summary>Lines around the input that are read.</summary>
    public int InputBorder(Shape input) =>
        Math.Max(
            Vertical.Padded(input.Dimensions[1], Same).InputBorder(input.Dimensions[1]),
            Horizontal.Padded(input.Dimensions[2], Same).InputBorder(input.Dimensions[2]));

    /// <summary>Lines around the gradient of the output that are read.</summary>
    public int GradientBorder(Shape input) =>
        Math.Max(
            Vertical.Padded(input.Dimensions[1], Same).GradientBorder(input.Dimensions[1]),
            Horizontal.Padded(input.Dimensions[2], Same).GradientBorder(input.Dimensions[2]));

    /// <summary>What is read for a part of the output; null where padding is as large as the kernel.</summary>
    public PartWindow? PartWindow(Shape input)
    {
        var (vertical, horizontal) = (Vertical.Padded(input.Dimensions[1], Same), Horizontal.Padded(input.Dimensions[2], Same));
        if (vertical.Before >= vertical.Reach || horizontal.Before >= horizontal.Reach)
            return null;
        return new(vertical.Stride, horizontal.Stride, (int)Math.Max(BorderOf(vertical), BorderOf(horizontal)));

        static long BorderOf(WindowAxis axis) => Math.Max(axis.Before, axis.Reach - axis.Stride - axis.Before);
    }

    /// <summary>For example <c>3 x 3, stride 2</c>.</summary>
    public override string ToString()
    {
        var words = Both(axis => axis.Kernel, always: true);
        var (stride, dilation) = (Both(axis => axis.Stride), Both(axis => axis.Dilation));
        words += stride is "1" ? "" : $", stride {stride}";
        words += dilation is "1" ? "" : $", dilation {dilation}";
        return Groups == 1 ? words : $"{words}, {Groups} groups";

        string Both(Func<WindowAxis, int> number, bool always = false)
        {
            var (rows, columns) = (number(Vertical), number(Horizontal));
            return rows == columns && !always ? Text(rows) : $"{Text(rows)} x {Text(columns)}";
        }

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
