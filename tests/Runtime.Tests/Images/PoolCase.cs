using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Images;

/// <summary>A pooling of images by the library, and the same in double precision, window by window.</summary>
internal sealed record PoolCase(int Channels, Extent Image, PoolAxis Vertical, PoolAxis Horizontal, Extent Result)
{
    private const int X = 0, Y = 1, DY = 2, DX = 3;

    public ImageLayout Input => new(Channels, Image.Rows, Image.Columns, border: 1);

    public ImageLayout Output => new(Channels, Result.Rows, Result.Columns, border: 2);

    public int Inputs => ImagePanel.Samples * Channels * Image.Area;

    public int Outputs => ImagePanel.Samples * Channels * Result.Area;

    public static PoolCase Square(int channels, int size, int kernel, int stride, int padding, int result) =>
        new(channels, Extent.Square(size), new(kernel, stride, padding), new(kernel, stride, padding), Extent.Square(result));

    public static PoolCase Adaptive(int channels, Extent image, Extent result) =>
        new(channels, image, PoolAxis.Parts, PoolAxis.Parts, result);

    /// <summary>The maxima and the gradient for <paramref name="dy"/>, added to <paramref name="before"/> where that is given.</summary>
    public (float[] Y, float[] DX) Max(
        float[] x, float[] dy, int members = 1, ActivationKind activation = ActivationKind.None,
        ActivationKind derivative = ActivationKind.None, float[]? before = null)
    {
        using var panel = Panel(x, dy, before);
        var slots = panel.Slots;
        panel.Run(members, (in pass) => PoolPass.Max(
            in pass, ref pass.Slot(slots[X]), ref pass.Slot(slots[Y]), Input, Output, Vertical, Horizontal, activation));
        panel.Run(members, (in pass) => PoolPass.MaxGrad(
            in pass, ref pass.Slot(slots[DY]), ref pass.Slot(slots[X]), ref pass.Slot(slots[Y]), ref pass.Slot(slots[DX]), Input, Output,
            Vertical, Horizontal, derivative, accumulate: before is not null));
        return Results(panel);
    }

    /// <summary>The means and their gradient.</summary>
    public (float[] Y, float[] DX) Mean(float[] x, float[] dy, bool countsPadding, int members = 1, float[]? before = null)
    {
        using var panel = Panel(x, dy, before);
        var slots = panel.Slots;
        panel.Run(members, (in pass) => PoolPass.Mean(
            in pass, ref pass.Slot(slots[X]), ref pass.Slot(slots[Y]), Input, Output, Vertical, Horizontal, countsPadding));
        panel.Run(members, (in pass) => PoolPass.MeanGrad(
            in pass, ref pass.Slot(slots[DY]), ref pass.Slot(slots[DX]), Input, Output, Vertical, Horizontal, countsPadding,
            accumulate: before is not null));
        return Results(panel);
    }

    public (double[] Y, double[] DX) MaxReference(float[] x, float[] dy)
    {
        var (y, dx) = (new double[Outputs], new double[Inputs]);
        ForEachWindow((result, pixels, _) =>
        {
            var most = pixels.Max(pixel => x[pixel]);
            y[result] = most;
            dx[pixels.First(pixel => x[pixel] == most)] += dy[result];
        });
        return (y, dx);
    }

    public (double[] Y, double[] DX) MeanReference(float[] x, float[] dy, bool countsPadding)
    {
        var (y, dx) = (new double[Outputs], new double[Inputs]);
        ForEachWindow((result, pixels, withPadding) =>
        {
            double count = countsPadding ? withPadding : pixels.Count;
            y[result] = pixels.Sum(pixel => (double)x[pixel]) / count;
            foreach (var pixel in pixels)
                dx[pixel] += dy[result] / count;
        });
        return (y, dx);
    }

    private ImagePanel Panel(float[] x, float[] dy, float[]? before)
    {
        var panel = new ImagePanel(Input, Output, Output, Input);
        panel.Set(X, x);
        panel.Set(DY, dy);
        if (before is not null)
            panel.Set(DX, before);
        return panel;
    }

    private static (float[] Y, float[] DX) Results(ImagePanel panel)
    {
        Assert.True(panel.IsPaddingClear(DX));
        return (panel.Get(Y), panel.Get(DX));
    }

    private void ForEachWindow(Action<int, IReadOnlyList<int>, int> action)
    {
        for (var result = 0; result < Outputs; result++)
        {
            var (rest, column) = Math.DivRem(result, Result.Columns);
            (var image, var row) = Math.DivRem(rest, Result.Rows);
            var (rows, allRows) = Places(Vertical, row, Image.Rows, Result.Rows);
            var (columns, allColumns) = Places(Horizontal, column, Image.Columns, Result.Columns);
            action(result, [.. rows.SelectMany(r => columns, (r, c) => (((image * Image.Rows) + r) * Image.Columns) + c)],
                allRows * allColumns);
        }
    }

    /// <summary>The pixels of a window, and how many it has with those of the padding.</summary>
    private static (int[] Inside, int WithPadding) Places(PoolAxis axis, int window, int size, int results)
    {
        if (axis == PoolAxis.Parts)
        {
            var start = (int)Math.Floor((double)window * size / results);
            int[] part = [.. Enumerable.Range(start, (int)Math.Ceiling((window + 1.0) * size / results) - start)];
            return (part, part.Length);
        }
        int[] all = [.. Enumerable.Range((window * axis.Stride) - axis.Padding, axis.Kernel).Where(pixel => pixel < size + axis.Padding)];
        return ([.. all.Where(pixel => pixel >= 0 && pixel < size)], all.Length);
    }
}
