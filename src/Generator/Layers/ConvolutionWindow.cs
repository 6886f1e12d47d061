using System.Globalization;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Layers;

/// <summary>What a convolution reads for an output pixel, in rows and in columns.</summary>
internal sealed record ConvolutionWindow(WindowAxis Vertical, WindowAxis Horizontal, int Groups, SamePadding Same)
{
    /// <summary>Whether all numbers are in their ranges.</summary>
    public bool IsValid => Groups > 0 && Vertical.IsValid && Horizontal.IsValid;

    /// <summary>Weights of an output channel for one input channel.</summary>
    public int Taps => Vertical.Kernel * Horizontal.Kernel;

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

/// <summary>A direction of a convolution.</summary>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">From an output pixel to the next, in the input.</param>
/// <param name="Before">Zeros before the input.</param>
/// <param name="After">Zeros behind it.</param>
/// <param name="Dilation">From a tap to the next.</param>
internal readonly record struct WindowAxis(int Kernel, int Stride, int Before, int After, int Dilation)
{
    public bool IsValid => Kernel > 0 && Stride > 0 && Before >= 0 && After >= 0 && Dilation > 0;

    /// <summary>Pixels from the first tap to the last.</summary>
    public int Reach => ((Kernel - 1) * Dilation) + 1;

    /// <summary>The same with the padding for outputs of <c>ceil(size / stride)</c> pixels, where that is asked for.</summary>
    public WindowAxis Padded(int size, SamePadding same)
    {
        if (same == SamePadding.None)
            return this;
        var output = (size + Stride - 1) / Stride;
        var padding = Math.Max(0, ((output - 1) * Stride) + Reach - size);
        var before = same == SamePadding.Upper ? padding / 2 : padding - (padding / 2);
        return this with { Before = before, After = padding - before };
    }

    /// <summary>Pixels of the output; less than 1 where the kernel does not fit.</summary>
    public int Output(int size)
    {
        var room = (long)size + Before + After - Reach;
        return room < 0 ? 0 : (int)((room / Stride) + 1);
    }

    /// <summary>Lines beyond the input that some output pixel reads.</summary>
    public int InputBorder(int size) => Math.Max(Before, ((Output(size) - 1) * Stride) - Before + Reach - size);

    /// <summary>Lines beyond the output's gradient that some input pixel reads.</summary>
    public int GradientBorder(int size)
    {
        var (border, output) = (0, Output(size));
        for (var tap = 0; tap < Kernel; tap++)
        {
            // Input pixel i meets output pixel (i + before - tap * dilation) / stride where that is whole.
            var shift = Before - (tap * Dilation);
            for (var pixel = 0; pixel < Math.Min(size, Stride); pixel++)
            {
                if ((pixel + shift) % Stride == 0)
                    border = Math.Max(border, -((pixel + shift) / Stride));
            }
            for (var pixel = Math.Max(0, size - Stride); pixel < size; pixel++)
            {
                if ((pixel + shift) % Stride == 0)
                    border = Math.Max(border, ((pixel + shift) / Stride) - output + 1);
            }
        }
        return border;
    }
}
