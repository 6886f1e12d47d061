using SparseSharp.Kernels;

namespace SparseSharp.Normalisation;

/// <summary>
/// Statistics of values by their range (Banner, Hubara, Hoffer and Soudry, 2018): the scale is a factor times the mean of the ranges of
/// consecutive parts of equal length, sample by sample and in it pixel by pixel.
/// </summary>
/// <remarks>
/// The paper has one part of all n values and the factor <c>1/sqrt(2 ln n)</c>; the authors' code has 16 parts of m and the factor
/// 0.5402/sqrt(2 ln m). Where 16 parts would have less than two values each, there are fewer. Lengths differ by one where the number of
/// values is no multiple.
/// </remarks>
internal readonly unsafe ref struct RangeStatistics
{
    /// <summary><c>0.5·0.35·(1 + sqrt(π ln 4))</c>.</summary>
    private static readonly double AuthorFactor = 0.5 * 0.35 * (1 + Math.Sqrt(Math.PI * Math.Log(4)));

    private readonly BatchPass _batch;
    private readonly int _slot;
    private readonly ChannelLines _lines;
    private readonly int _channel;
    private readonly int _firstSample;
    private readonly int _parts;

    /// <param name="batch">All panels.</param>
    /// <param name="slot">Slot of the values.</param>
    /// <param name="lines">Where they lie.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="ghosts">The parts of the batch.</param>
    /// <param name="ghost">Which of them.</param>
    /// <param name="options">The form.</param>
    public RangeStatistics(
        in BatchPass batch, int slot, ChannelLines lines, int channel, GhostBatches ghosts, int ghost, BatchNormOptions options)
    {
        var isPaper = options.Range == RangeNorm.Paper;
        _batch = batch;
        (_slot, _lines, _channel) = (slot, lines, channel);
        _firstSample = ghosts.Start(ghost);
        Count = checked(ghosts.Samples(ghost) * lines.Positions);
        _parts = isPaper ? 1 : Math.Clamp(Count / 2, 1, options.RangeParts);
        Factor = (isPaper ? 1 : AuthorFactor) / Math.Sqrt(2 * Math.Log((double)Count / _parts)) / _parts;
    }

    /// <summary>Number of values.</summary>
    public int Count { get; }

    /// <summary>The derivative of the scale by the largest value of a part.</summary>
    public double Factor { get; }

    /// <summary>Mean and scale.</summary>
    public (double Mean, double Scale) Moments()
    {
        var (sum, ranges) = (0.0, 0.0);
        for (var part = 0; part < _parts; part++)
        {
            var (smallest, largest) = Extremes(part, ref sum);
            ranges += Value(largest) - (double)Value(smallest);
        }
        return (sum / Count, Factor * ranges);
    }

    /// <summary>
    /// Replaces, or adds to, the gradient of the values. The largest and the smallest value of a part, the first of equal ones, move the
    /// scale.
    /// </summary>
    /// <param name="dy">Slot of the gradient of the result.</param>
    /// <param name="dx">Slot of that of the values, which may be that of another value that dies here.</param>
    /// <param name="scale">The learned factor over what centered values are divided by.</param>
    /// <param name="share">1 over the number of values; 0 where the statistics do not depend on them.</param>
    /// <param name="sum">Sum of the gradient of the result.</param>
    /// <param name="product">Sum of its products with normalised values.</param>
    /// <param name="accumulate">Whether to add.</param>
    public void GradInput(int dy, int dx, double scale, double share, double sum, double product, bool accumulate)
    {
        Span<int> extremes = stackalloc int[2 * _parts];
        var unused = 0.0;
        for (var part = 0; part < _parts; part++)
            (extremes[2 * part], extremes[(2 * part) + 1]) = Extremes(part, ref unused);
        var slope = share == 0 ? 0 : scale * product * Factor;
        for (var part = 0; part < _parts; part++)
        {
            for (var value = First(part); value < First(part + 1); value++)
            {
                var gradient = scale * (*At(dy, value) - (share * sum));
                if (value == extremes[2 * part])
                    gradient += slope;
                if (value == extremes[(2 * part) + 1])
                    gradient -= slope;
                var target = At(dx, value);
                *target = (float)(accumulate ? *target + gradient : gradient);
            }
        }
    }

    /// <summary>The places of the smallest and of the largest value of a part; adds its values to a sum.</summary>
    private (int Smallest, int Largest) Extremes(int part, ref double sum)
    {
        var (smallest, largest) = (First(part), First(part));
        for (var value = First(part); value < First(part + 1); value++)
        {
            var number = Value(value);
            sum += number;
            if (number < Value(smallest))
                smallest = value;
            if (number > Value(largest))
                largest = value;
        }
        return (smallest, largest);
    }

    private int First(int part) => (int)((long)part * Count / _parts);

    private float Value(int value) => *At(_slot, value);

    private float* At(int slot, int value)
    {
        var layout = _batch.Layout;
        var (sample, pixel) = Math.DivRem(value, _lines.Positions);
        var (row, column) = Math.DivRem(pixel, _lines.Columns);
        sample += _firstSample;
        var panel = 0;
        while (layout.Start(panel) + layout.Width(panel) <= sample)
            panel++;
        return _batch.Slot(slot, panel) + ((_lines.Line(_channel, row) + column) * layout.Width(panel)) + (sample - layout.Start(panel));
    }
}
