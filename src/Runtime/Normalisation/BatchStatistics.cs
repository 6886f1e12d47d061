using System.Runtime.InteropServices;
using SparseSharp.Kernels;

namespace SparseSharp.Normalisation;

/// <summary>
/// The statistics of a batch in its workspace, as every panel has them: a line for the mean of each channel, for its variance (with a range
/// for the scale), and for the inverse of what centered values are divided by; then a line with 1 over the number of values that share
/// these statistics. Columns of a line may belong to different ghost batches. That number counts as infinite where the statistics do not
/// depend on the batch, and in columns without a sample.
/// </summary>
internal static unsafe class BatchStatistics
{
    /// <summary>Lines of all.</summary>
    public static int Lines(int channels) => (3 * channels) + 1;

    /// <summary>The lines of means.</summary>
    public static float* Means(float* statistics) => statistics;

    /// <summary>The lines of variances.</summary>
    public static float* Variances(float* statistics, int channels, int width) => statistics + ((nint)channels * width);

    /// <summary>The lines of inverses.</summary>
    public static float* Inverses(float* statistics, int channels, int width) => statistics + (2 * (nint)channels * width);

    /// <summary>Mean and variance of a part of the batch, from the sums of columns that the panels have in place of statistics.</summary>
    public static (double Mean, double Variance) Merge(
        in BatchPass batch, int statistics, int channels, int channel, int positions, GhostBatches ghosts, int part)
    {
        var layout = batch.Layout;
        var (mean, count) = (0.0, (double)ghosts.Samples(part));
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            var (first, end) = ghosts.Columns(part, layout, panel);
            var sums = Sums(in batch, panel);
            for (var column = first; column < end; column++)
                mean += sums.Pivot[column] + ((double)sums.Sum[column] / positions);
        }
        mean /= count;
        var squares = 0.0;
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            var (first, end) = ghosts.Columns(part, layout, panel);
            var sums = Sums(in batch, panel);
            for (var column = first; column < end; column++)
            {
                // Of distances from the mean, by those from the pivot.
                var (sum, distance) = ((double)sums.Sum[column], sums.Pivot[column] - mean);
                squares += sums.Square[column] + (distance * ((2 * sum) + (positions * distance)));
            }
        }
        return (mean, Math.Max(0, squares / (count * positions)));

        ColumnSums Sums(in BatchPass pass, int panel)
        {
            var start = pass.Slot(statistics, panel);
            var width = layout.Width(panel);
            var at = (nint)channel * width;
            return new(Means(start) + at, Inverses(start, channels, width) + at, Variances(start, channels, width) + at);
        }
    }

    /// <summary>Mean and variance of a feature over a part of the batch.</summary>
    public static (double Mean, double Variance) Scan(in BatchPass batch, int x, int feature, GhostBatches ghosts, int part)
    {
        var layout = batch.Layout;
        var (sum, squares, count) = (0.0, 0.0, ghosts.Samples(part));
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            foreach (var value in Values(in batch, panel))
                sum += value;
        }
        var mean = sum / count;
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            foreach (var value in Values(in batch, panel))
                squares += (value - mean) * (value - mean);
        }
        return (mean, squares / count);

        ReadOnlySpan<float> Values(in BatchPass pass, int panel)
        {
            var (first, end) = ghosts.Columns(part, layout, panel);
            return first < end ? new(pass.Slot(x, panel) + ((nint)feature * layout.Width(panel)) + first, end - first) : [];
        }
    }

    /// <summary>Writes a number into the columns of a part of the batch.</summary>
    /// <param name="batch">All panels.</param>
    /// <param name="slot">Slot of the value.</param>
    /// <param name="line">The line of the value.</param>
    /// <param name="ghosts">The parts.</param>
    /// <param name="part">Which of them.</param>
    /// <param name="number">The number.</param>
    public static void Fill(in BatchPass batch, int slot, int line, GhostBatches ghosts, int part, float number)
    {
        for (var panel = 0; panel < batch.Layout.Panels; panel++)
        {
            var (first, end) = ghosts.Columns(part, batch.Layout, panel);
            if (first < end)
                Line(in batch, slot, line, panel)[first..end].Fill(number);
        }
    }

    /// <summary>Writes a number into the columns that hold no sample.</summary>
    public static void FillPadding(in BatchPass batch, int slot, int line, float number)
    {
        var last = batch.Layout.Panels - 1;
        Line(in batch, slot, line, last)[batch.Layout.Samples(last)..].Fill(number);
    }

    /// <summary>What a part of the batch has in a line.</summary>
    public static float Read(in BatchPass batch, int slot, int line, GhostBatches ghosts, int part)
    {
        var (panel, column) = ghosts.First(part, batch.Layout);
        return Line(in batch, slot, line, panel)[column];
    }

    private static Span<float> Line(in BatchPass batch, int slot, int line, int panel)
    {
        var width = batch.Layout.Width(panel);
        return MemoryMarshal.CreateSpan(ref *(batch.Slot(slot, panel) + ((nint)line * width)), width);
    }

    /// <summary>The sums of a channel: distances from a pivot, and their squares.</summary>
    private readonly struct ColumnSums(float* pivot, float* sum, float* square)
    {
        public float* Pivot { get; } = pivot;

        public float* Sum { get; } = sum;

        public float* Square { get; } = square;
    }
}
