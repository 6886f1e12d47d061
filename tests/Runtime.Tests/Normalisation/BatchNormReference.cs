using SparseSharp.Normalisation;

namespace SparseSharp.Runtime.Tests.Normalisation;

/// <summary>Batch normalisation as formulas say it, in double precision, over values <c>[samples, channel, pixel]</c>.</summary>
internal static class BatchNormReference
{
    /// <summary>Results in a training.</summary>
    public static double[] Train(BatchNormOptions options, double[] x, int channels, int pixels, double[] factors, double[] terms)
    {
        var y = new double[x.Length];
        foreach (var (channel, places) in Groups(options, x.Length, channels, pixels))
        {
            double[] values = [.. places.Select(place => x[place])];
            var (mean, divisor) = (values.Average(), Divisor(options, values));
            foreach (var place in places)
                y[place] = ((x[place] - mean) / divisor * factors[channel]) + terms[channel];
        }
        return y;
    }

    /// <summary>Mean and variance of each channel in each part of the batch; with a range the scale in place of the variance.</summary>
    public static IEnumerable<(int Channel, double Mean, double Variance, int Count)> Moments(
        BatchNormOptions options, double[] x, int channels, int pixels)
    {
        foreach (var (channel, places) in Groups(options, x.Length, channels, pixels))
        {
            double[] values = [.. places.Select(place => x[place])];
            var mean = values.Average();
            var variance = options.Range == RangeNorm.None ? values.Average(value => (value - mean) * (value - mean)) : Scale(options, values);
            yield return (channel, mean, variance, values.Length);
        }
    }

    /// <summary>The places of values that are normalised together.</summary>
    public static IEnumerable<(int Channel, int[] Places)> Groups(BatchNormOptions options, int length, int channels, int pixels)
    {
        var batch = length / channels / pixels;
        var (size, starts) = (options.Ghost == 0 ? batch : Math.Min(batch, options.Ghost), new List<int>());
        for (var start = 0; start < batch; start += size)
        {
            var rest = batch - start;
            if (start == 0 || rest >= size || (2 * rest >= size && rest * pixels >= 2))
                starts.Add(start);
        }
        for (var part = 0; part < starts.Count; part++)
        {
            var (start, end) = (starts[part], part + 1 < starts.Count ? starts[part + 1] : batch);
            for (var channel = 0; channel < channels; channel++)
            {
                var places =
                    from sample in Enumerable.Range(start, end - start)
                    from pixel in Enumerable.Range(0, pixels)
                    select (((sample * channels) + channel) * pixels) + pixel;
                yield return (channel, [.. places]);
            }
        }
    }

    private static double Divisor(BatchNormOptions options, double[] values)
    {
        if (options.Range != RangeNorm.None)
            return Scale(options, values) + options.Epsilon;
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + options.Epsilon);
    }

    private static double Scale(BatchNormOptions options, double[] values)
    {
        var parts = options.Range == RangeNorm.Paper ? 1 : Math.Clamp(values.Length / 2, 1, options.RangeParts);
        var ranges = Enumerable.Range(0, parts).Select(part =>
        {
            var own = values[(int)((long)part * values.Length / parts)..(int)((part + 1L) * values.Length / parts)];
            return own.Max() - own.Min();
        });
        var factor = options.Range == RangeNorm.Paper ? 1 : 0.5402083625;
        return factor / Math.Sqrt(2 * Math.Log((double)values.Length / parts)) * ranges.Average();
    }
}
