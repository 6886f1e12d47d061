using System;

namespace SparseSharp.Settings;

/// <summary>
/// What a convolution reads in a direction, for the generator, which plans sizes and borders, and for the runtime, which computes with them.
/// </summary>
internal readonly record struct WindowAxis
{
    /// <param name="kernel">Taps.</param>
    /// <param name="stride">From an output pixel to the next, in the input.</param>
    /// <param name="before">Zeros before the input.</param>
    /// <param name="after">Zeros behind it.</param>
    /// <param name="dilation">From a tap to the next.</param>
    public WindowAxis(int kernel, int stride, int before, int after, int dilation) =>
        (Kernel, Stride, Before, After, Dilation) = (kernel, stride, before, after, dilation);

    public int Kernel { get; }

    public int Stride { get; }

    public int Before { get; }

    public int After { get; }

    public int Dilation { get; }

    public bool IsValid => Kernel > 0 && Stride > 0 && Before >= 0 && After >= 0 && Dilation > 0;

    /// <summary>Pixels from the first tap to the last.</summary>
    public long Reach => ((Kernel - 1L) * Dilation) + 1;

    /// <summary>The same with the padding for outputs of <c>ceil(size / stride)</c> pixels, where that is asked for.</summary>
    public WindowAxis Padded(int size, SamePadding same)
    {
        if (same == SamePadding.None)
            return this;
        var strides = (size - 1) / Stride;
        var padding = (int)Math.Min(int.MaxValue, Math.Max(0, ((long)strides * Stride) + Reach - size));
        var before = same == SamePadding.Upper ? padding / 2 : padding - (padding / 2);
        return new(Kernel, Stride, before, padding - before, Dilation);
    }

    /// <summary>Pixels of the output; less than 1 where the kernel does not fit.</summary>
    public int Output(int size)
    {
        var room = (long)size + Before + After - Reach;
        return room < 0 ? 0 : (int)((room / Stride) + 1);
    }

    /// <summary>Lines beyond the input that some output pixel reads.</summary>
    public int InputBorder(int size) => (int)Math.Max(Before, ((Output(size) - 1L) * Stride) - Before + Reach - size);

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
