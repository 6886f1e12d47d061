using SparseSharp.Normalisation;

namespace SparseSharp.Kernels;

/// <content>The backward pass.</content>
public static unsafe partial class BatchNormPass
{
    /// <summary>Sums of the gradients of each channel of images, for <see cref="GradStatistics"/>.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="statistics">Their statistics.</param>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="sums">Receives them.</param>
    /// <param name="image">Layout of the images.</param>
    public static void GradSums(
        BatchNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float dy, ref float sums, ImageLayout image)
    {
        var lines = Check(norm, in pass, ref x, image);
        var source = CheckStatistics(norm, in pass, ref statistics);
        pass.Check(ref dy, lines.Count);
        pass.Check(ref sums, 4 * norm.Channels);
        var (channels, width) = (norm.Channels, pass.Width);
        NormKernels.GradSums(
            Pointer(ref x), Pointer(ref dy), BatchStatistics.Means(source), BatchStatistics.Inverses(source, channels, width),
            Pointer(ref sums), Pointer(ref sums) + ((nint)channels * width), in lines, pass.Share(channels, 1));
    }

    /// <summary>
    /// Sums over the batch of the gradient of each channel, and of its products with normalised values: a line for each sum in every panel.
    /// Lines of terms and slopes of the gradient of the values follow them.
    /// </summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the values.</param>
    /// <param name="statistics">Slot of their statistics.</param>
    /// <param name="dy">Slot of the gradient of the result.</param>
    /// <param name="sums">Slot of the sums; of images it holds those of each panel.</param>
    /// <param name="image">Layout of the images, or null.</param>
    public static void GradStatistics(
        BatchNormalisation norm, in BatchPass batch, int x, int statistics, int dy, int sums, ImageLayout? image = null)
    {
        var lines = Check(norm, in batch, x, image);
        batch.Check(dy, lines.Count);
        batch.Check(statistics, BatchStatistics.Lines(norm.Channels));
        batch.Check(sums, 4 * norm.Channels);
        var channels = norm.Channels;
        var ghosts = GhostsOf(norm, in batch, lines);
        var (first, end) = batch.Share(channels, 1);
        for (var channel = first; channel < end; channel++)
        {
            for (var part = 0; part < ghosts.Count; part++)
            {
                var (sum, product) = image is null
                    ? ProductSums(in batch, x, statistics, dy, channels, channel, ghosts, part)
                    : (ColumnSum(in batch, sums, channel, ghosts, part), ColumnSum(in batch, sums, channels + channel, ghosts, part));
                BatchStatistics.Fill(in batch, sums, channel, ghosts, part, (float)sum);
                BatchStatistics.Fill(in batch, sums, channels + channel, ghosts, part, (float)product);
                var inverse = BatchStatistics.Read(in batch, statistics, (2 * channels) + channel, ghosts, part);
                var share = -BatchStatistics.Read(in batch, statistics, 3 * channels, ghosts, part) * (inverse * norm.Factor(channel));
                BatchStatistics.Fill(in batch, sums, (2 * channels) + channel, ghosts, part, (float)sum * share);
                BatchStatistics.Fill(in batch, sums, (3 * channels) + channel, ghosts, part, (float)product * share * inverse);
            }
            for (var line = channel; line < 4 * channels; line += channels)
                BatchStatistics.FillPadding(in batch, sums, line, 0);
        }
    }

    /// <summary>The gradient of the values, by the variance.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="statistics">Their statistics.</param>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="sums">The sums over the batch.</param>
    /// <param name="dx">Receives the gradient; it may be dy or x.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="image">Layout of the images, or null.</param>
    public static void GradInput(
        BatchNormalisation norm, in PanelPass pass, ref float dy, ref float x, ref float statistics, ref float sums, ref float dx,
        bool accumulate, ImageLayout? image = null)
    {
        var lines = Check(norm, in pass, ref x, image);
        var source = CheckStatistics(norm, in pass, ref statistics);
        pass.Check(ref dy, lines.Count);
        pass.Check(ref dx, lines.Count);
        pass.Check(ref sums, 4 * norm.Channels);
        var run = Run(norm, in pass, lines, source);
        var length = (nint)norm.Channels * pass.Width;
        NormKernels.GradInput(
            Pointer(ref x), Pointer(ref dy), Pointer(ref dx), Pointer(ref sums) + (2 * length), Pointer(ref sums) + (3 * length), in run,
            accumulate);
    }

    /// <summary>The gradient of the values, by ranges.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="dy">Slot of the gradient of the result.</param>
    /// <param name="x">Slot of the values.</param>
    /// <param name="statistics">Slot of their statistics.</param>
    /// <param name="sums">Slot of the sums over the batch.</param>
    /// <param name="dx">Slot of the gradient; it may be that of dy or of x.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="image">Layout of the images, or null.</param>
    public static void GradInput(
        BatchNormalisation norm, in BatchPass batch, int dy, int x, int statistics, int sums, int dx, bool accumulate,
        ImageLayout? image = null)
    {
        var lines = Check(norm, in batch, x, image);
        batch.Check(dy, lines.Count);
        batch.Check(dx, lines.Count);
        batch.Check(statistics, BatchStatistics.Lines(norm.Channels));
        batch.Check(sums, 4 * norm.Channels);
        var channels = norm.Channels;
        var ghosts = GhostsOf(norm, in batch, lines);
        var (first, end) = batch.Share(channels, 1);
        for (var channel = first; channel < end; channel++)
        {
            for (var part = 0; part < ghosts.Count; part++)
            {
                var scale = norm.Factor(channel) * (double)BatchStatistics.Read(
                    in batch, statistics, (2 * channels) + channel, ghosts, part);
                var share = BatchStatistics.Read(in batch, statistics, 3 * channels, ghosts, part);
                new RangeStatistics(in batch, x, lines, channel, ghosts, part, norm.Options).GradInput(
                    dy, dx, scale, share, BatchStatistics.Read(in batch, sums, channel, ghosts, part),
                    BatchStatistics.Read(in batch, sums, channels + channel, ghosts, part), accumulate);
            }
            if (!accumulate)
                ClearPadding(in batch, dx, lines, channel);
        }
    }

    /// <summary>The gradients of factors and terms.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="statistics">Slot of the statistics.</param>
    /// <param name="sums">Slot of the sums over the batch.</param>
    /// <param name="positions">Values of a channel in a sample.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(BatchNormalisation norm, in BatchPass batch, int statistics, int sums, int positions, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(norm);
        if (norm.IsFrozen || batch.Tap is not null || norm.Weight is null)
            return;
        batch.Check(statistics, BatchStatistics.Lines(norm.Channels));
        batch.Check(sums, 4 * norm.Channels);
        var channels = norm.Channels;
        var ghosts = new GhostBatches(batch.Layout.Batch, norm.Options.Ghost, positions);
        var (first, end) = batch.Share(channels, 1);
        var weight = norm.Weight.GradientBuffer;
        var bias = norm.Bias!.GradientBuffer;
        for (var channel = first; channel < end; channel++)
        {
            var (sum, product) = accumulate || batch.Accumulate ? (bias[channel], (double)weight[channel]) : (0, 0);
            for (var part = 0; part < ghosts.Count; part++)
            {
                sum += BatchStatistics.Read(in batch, sums, channel, ghosts, part);
                product += BatchStatistics.Read(in batch, sums, channels + channel, ghosts, part);
            }
            (weight[channel], bias[channel]) = ((float)product, (float)sum);
        }
    }

    /// <summary>Sums of the gradient of a feature and of its products with normalised values, over a part of the batch.</summary>
    private static (double Sum, double Product) ProductSums(
        in BatchPass batch, int x, int statistics, int dy, int channels, int feature, GhostBatches ghosts, int part)
    {
        var (sum, product) = (0.0, 0.0);
        var mean = (double)BatchStatistics.Read(in batch, statistics, feature, ghosts, part);
        for (var panel = 0; panel < batch.Layout.Panels; panel++)
        {
            var (first, end) = ghosts.Columns(part, batch.Layout, panel);
            var at = (nint)feature * batch.Layout.Width(panel);
            var values = batch.Slot(x, panel) + at;
            var gradients = batch.Slot(dy, panel) + at;
            for (var column = first; column < end; column++)
            {
                sum += gradients[column];
                product += gradients[column] * (values[column] - mean);
            }
        }
        return (sum, product * BatchStatistics.Read(in batch, statistics, (2 * channels) + feature, ghosts, part));
    }

    private static double ColumnSum(in BatchPass batch, int slot, int line, GhostBatches ghosts, int part)
    {
        var sum = 0.0;
        for (var panel = 0; panel < batch.Layout.Panels; panel++)
        {
            var (first, end) = ghosts.Columns(part, batch.Layout, panel);
            var values = batch.Slot(slot, panel) + ((nint)line * batch.Layout.Width(panel));
            for (var column = first; column < end; column++)
                sum += values[column];
        }
        return sum;
    }

    /// <summary>Clears the columns without a sample: gradients of weights multiply them.</summary>
    private static void ClearPadding(in BatchPass batch, int slot, ChannelLines lines, int channel)
    {
        var last = batch.Layout.Panels - 1;
        var (width, samples) = (batch.Layout.Width(last), batch.Layout.Samples(last));
        for (var row = 0; row < lines.Rows && samples < width; row++)
        {
            var line = batch.Slot(slot, last) + (lines.Line(channel, row) * width);
            for (var column = 0; column < lines.Columns; column++)
                new Span<float>(line + ((nint)column * width) + samples, width - samples).Clear();
        }
    }
}
