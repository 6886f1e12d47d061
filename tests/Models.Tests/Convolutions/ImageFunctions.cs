namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>Operations on images in double precision, pixel by pixel.</summary>
internal static class ImageFunctions
{
    /// <summary>The maximum of each window, whole ones only unless said otherwise.</summary>
    public static Images MaxPool(this Images x, int kernel, int stride, int padding = 0, bool ceil = false) =>
        x.Pool((kernel, kernel), (stride, stride), (padding, padding), ceil, (values, _) => values.Max());

    /// <summary>The mean of each window.</summary>
    public static Images AveragePool(
        this Images x, (int Rows, int Columns) kernel, (int Rows, int Columns) stride, (int Rows, int Columns) padding, bool ceil,
        bool countsPadding) =>
        x.Pool(kernel, stride, padding, ceil, (values, withPadding) => values.Sum() / (countsPadding ? withPadding : values.Count));

    /// <summary>The means of parts.</summary>
    public static Images AdaptiveAveragePool(this Images x, int rows, int columns) =>
        Make(x.Samples, x.Channels, rows, columns, (sample, channel, row, column) =>
        {
            var (top, bottom) = (row * x.Rows / rows, (((row + 1) * x.Rows) + rows - 1) / rows);
            var (left, right) = (column * x.Columns / columns, (((column + 1) * x.Columns) + columns - 1) / columns);
            var sum = 0.0;
            for (var r = top; r < bottom; r++)
            {
                for (var c = left; c < right; c++)
                    sum += x[sample, channel, r, c];
            }
            return sum / ((bottom - top) * (right - left));
        });

    /// <summary>The pixels of each so many-th row and column.</summary>
    public static Images Subsample(this Images x, int stride) => Make(
        x.Samples, x.Channels, (x.Rows + stride - 1) / stride, (x.Columns + stride - 1) / stride,
        (sample, channel, row, column) => x[sample, channel, row * stride, column * stride]);

    /// <summary>Of every group of channels of a pixel the largest magnitudes, of equal ones the first.</summary>
    public static Images KeepLargest(this Images x, int keep, int group) =>
        Make(x.Samples, x.Channels, x.Rows, x.Columns, (sample, channel, row, column) =>
        {
            var first = channel / group * group;
            var larger = Enumerable.Range(first, group).Count(other => Magnitude(other) > Magnitude(channel)
                || (Magnitude(other) == Magnitude(channel) && other < channel));
            return larger < keep ? x[sample, channel, row, column] : 0;

            double Magnitude(int other) => Math.Abs(x[sample, other, row, column]);
        });

    public static Images GlobalMaxPool(this Images x) => Make(x.Samples, x.Channels, 1, 1, (sample, channel, _, _) =>
        Enumerable.Range(0, x.Rows * x.Columns).Max(pixel => x[sample, channel, pixel / x.Columns, pixel % x.Columns]));

    public static Images Concat(this Images x, Images other) =>
        Make(x.Samples, x.Channels + other.Channels, x.Rows, x.Columns, (sample, channel, row, column) =>
            channel < x.Channels ? x[sample, channel, row, column] : other[sample, channel - x.Channels, row, column]);

    public static Images Channels(this Images x, int first, int count) =>
        Make(x.Samples, count, x.Rows, x.Columns, (sample, channel, row, column) => x[sample, first + channel, row, column]);

    public static Images ShuffleChannels(this Images x, int groups) =>
        Make(x.Samples, x.Channels, x.Rows, x.Columns, (sample, channel, row, column) =>
            x[sample, (channel % groups * (x.Channels / groups)) + (channel / groups), row, column]);

    /// <summary>Some pixels, with channels of zeros around them.</summary>
    public static Images Shortcut(this Images x, int before, int after, int stride) =>
        Make(
            x.Samples, before + x.Channels + after, (x.Rows + stride - 1) / stride, (x.Columns + stride - 1) / stride,
            (sample, channel, row, column) => channel < before || channel >= before + x.Channels
                ? 0
                : x[sample, channel - before, row * stride, column * stride]);

    public static Images Upsample(this Images x, int factor, UpsampleMode mode) =>
        Make(x.Samples, x.Channels, x.Rows * factor, x.Columns * factor, (sample, channel, row, column) =>
        {
            if (mode == UpsampleMode.Nearest)
                return x[sample, channel, row / factor, column / factor];
            var (top, bottom, down) = Between(row, x.Rows);
            var (left, right, along) = Between(column, x.Columns);
            return ((1 - down) * (((1 - along) * x[sample, channel, top, left]) + (along * x[sample, channel, top, right])))
                + (down * (((1 - along) * x[sample, channel, bottom, left]) + (along * x[sample, channel, bottom, right])));

            (int First, int Second, double Share) Between(int pixel, int size)
            {
                var place = Math.Max(0, ((pixel + 0.5) / factor) - 0.5);
                return ((int)place, Math.Min((int)place + 1, size - 1), place - (int)place);
            }
        });

    private static Images Pool(
        this Images x, (int Rows, int Columns) kernel, (int Rows, int Columns) stride, (int Rows, int Columns) padding, bool ceil,
        Func<IReadOnlyList<double>, int, double> ofWindow)
    {
        var (rows, columns) = (Results(x.Rows, kernel.Rows, stride.Rows, padding.Rows),
            Results(x.Columns, kernel.Columns, stride.Columns, padding.Columns));
        return Make(x.Samples, x.Channels, rows, columns, (sample, channel, row, column) =>
        {
            var (values, withPadding) = (new List<double>(), 0);
            var (top, left) = ((row * stride.Rows) - padding.Rows, (column * stride.Columns) - padding.Columns);
            for (var r = top; r < top + kernel.Rows; r++)
            {
                for (var c = left; c < left + kernel.Columns; c++)
                {
                    withPadding += r < x.Rows + padding.Rows && c < x.Columns + padding.Columns ? 1 : 0;
                    if ((uint)r < (uint)x.Rows && (uint)c < (uint)x.Columns)
                        values.Add(x[sample, channel, r, c]);
                }
            }
            return ofWindow(values, withPadding);
        });

        int Results(int size, int window, int step, int around)
        {
            var places = (size + (2 * around) - window) / (double)step;
            var results = (int)(ceil ? Math.Ceiling(places) : Math.Floor(places)) + 1;
            return (results - 1) * step >= size + around ? results - 1 : results;
        }
    }

    private static Images Make(int samples, int channels, int rows, int columns, Func<int, int, int, int, double> pixel)
    {
        var values = new double[samples * channels * rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (rest, column) = Math.DivRem(i, columns);
            (rest, var row) = Math.DivRem(rest, rows);
            var (sample, channel) = Math.DivRem(rest, channels);
            values[i] = pixel(sample, channel, row, column);
        }
        return new(values, samples, channels, rows, columns);
    }
}
