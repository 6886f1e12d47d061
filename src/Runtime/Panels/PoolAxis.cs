using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>The windows of a pooling in one direction.</summary>
/// <param name="Kernel">Pixels of a window; 0 where windows cut the image into as many parts as there are results.</param>
/// <param name="Stride">Pixels from a window to the next.</param>
/// <param name="Padding">Pixels before and behind the image that windows may reach over.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct PoolAxis(int Kernel, int Stride, int Padding)
{
    /// <summary>
    /// Windows that cut the image into as many parts as there are results: part i of n goes from <c>floor(i·size / n)</c> to
    /// <c>ceil((i + 1)·size / n)</c>, so that neighbours may overlap.
    /// </summary>
    public static PoolAxis Parts => default;

    /// <summary>Throws unless every window has a pixel of the image.</summary>
    internal void Check(int size, int results)
    {
        var isValid = this == Parts
            || (Kernel > 0 && Stride > 0 && Padding >= 0 && Padding <= Kernel / 2 && ((results - 1L) * Stride) - Padding < size);
        if (!isValid)
            throw new ArgumentException($"There are no {results} windows of {Kernel} with stride {Stride} in {size} pixels.");
    }

    /// <summary>The pixels of a window.</summary>
    internal PoolRange Range(int window, int size, int results)
    {
        if (Kernel == 0)
        {
            var (begin, end) = ((int)((long)window * size / results), (int)((((window + 1L) * size) + results - 1) / results));
            return new(begin, end, end - begin);
        }
        var first = (window * Stride) - Padding;
        var last = first + Kernel;
        return new(Math.Max(first, 0), Math.Min(last, size), Math.Min(last, size + Padding) - first);
    }
}

/// <summary>The pixels of a window in one direction.</summary>
/// <param name="First">The first one in the image.</param>
/// <param name="End">Behind the last one in the image.</param>
/// <param name="WithPadding">How many there are with the padding.</param>
internal readonly record struct PoolRange(int First, int End, int WithPadding)
{
    public int Count => End - First;
}
