using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SparseSharp.Normalisation;

namespace SparseSharp.Kernels;

/// <summary>
/// Batch normalisation in the passes of a model. A training pass computes sums of each panel, statistics of the batch from them, and then
/// normalises each panel; a backward pass does the same with gradients. Normalised values are not kept: the backward pass computes them
/// from the input again.
/// </summary>
/// <remarks>
/// Members of a team own channels, and what is computed of a channel does not depend on who does it. Where images are null, values are
/// features.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe partial class BatchNormPass
{
    /// <summary>Sums of each channel of images, for <see cref="Statistics"/>.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="statistics">Receives them.</param>
    /// <param name="image">Layout of the images.</param>
    public static void Sums(BatchNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ImageLayout image)
    {
        var lines = Check(norm, in pass, ref x, image);
        var target = CheckStatistics(norm, in pass, ref statistics);
        if (UsesRunning(norm, pass.Training))
            return;
        var (channels, width) = (norm.Channels, pass.Width);
        NormKernels.Sums(
            Pointer(ref x), BatchStatistics.Means(target), BatchStatistics.Inverses(target, channels, width),
            BatchStatistics.Variances(target, channels, width), in lines, pass.Share(channels, 1));
    }

    /// <summary>
    /// The statistics by which each panel normalises: those of the batch, or the running ones where the layer is frozen or the pass is none
    /// of a training.
    /// </summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the values.</param>
    /// <param name="statistics">Slot of the statistics; of images it holds the sums, unless ranges are measured.</param>
    /// <param name="image">Layout of the images, or null.</param>
    public static void Statistics(BatchNormalisation norm, in BatchPass batch, int x, int statistics, ImageLayout? image = null)
    {
        var lines = Check(norm, in batch, x, image);
        batch.Check(statistics, BatchStatistics.Lines(norm.Channels));
        var channels = norm.Channels;
        var usesRunning = UsesRunning(norm, batch.Training);
        var ghosts = GhostsOf(norm, in batch, lines);
        var (first, end) = batch.Share(channels, 1);
        for (var channel = first; channel < end; channel++)
        {
            for (var part = 0; part < ghosts.Count; part++)
            {
                var (mean, variance) =
                    usesRunning ? (norm.Running.Mean.Span[channel], norm.Running.Variance.Span[channel])
                    : norm.Options.Range != RangeNorm.None
                        ? new RangeStatistics(in batch, x, lines, channel, ghosts, part, norm.Options).Moments()
                    : image is null ? BatchStatistics.Scan(in batch, x, channel, ghosts, part)
                    : BatchStatistics.Merge(in batch, statistics, channels, channel, lines.Positions, ghosts, part);
                BatchStatistics.Fill(in batch, statistics, channel, ghosts, part, (float)mean);
                BatchStatistics.Fill(in batch, statistics, channels + channel, ghosts, part, (float)variance);
                BatchStatistics.Fill(in batch, statistics, (2 * channels) + channel, ghosts, part, (float)norm.Inverse(variance));
            }
            for (var line = channel; line < 3 * channels; line += channels)
                BatchStatistics.FillPadding(in batch, statistics, line, 0);
        }
        if (batch.Member > 0)
            return;
        for (var part = 0; part < ghosts.Count; part++)
        {
            var share = usesRunning ? 0 : 1f / (ghosts.Samples(part) * (long)lines.Positions);
            BatchStatistics.Fill(in batch, statistics, 3 * channels, ghosts, part, share);
        }
        BatchStatistics.FillPadding(in batch, statistics, 3 * channels, 0);
    }

    /// <summary><c>y = (x - mean)·inverse·factor + term</c>, then ReLU where it is fused.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="y">Receives the result.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="image">Layout of the images, or null.</param>
    public static void Forward(
        BatchNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float y, ActivationKind activation,
        ImageLayout? image = null)
    {
        var lines = Check(norm, in pass, ref x, image);
        var source = CheckStatistics(norm, in pass, ref statistics);
        pass.Check(ref y, lines.Count);
        var run = Run(norm, in pass, lines, source);
        NormKernels.Normalise(Pointer(ref x), Pointer(ref y), in run, NormKernels.IsRelu(activation));
    }

    /// <summary><c>y = x·scale + shift</c>, by the running statistics, then ReLU where it is fused.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="y">Receives the result.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="image">Layout of the images, or null.</param>
    public static void Infer(
        BatchNormalisation norm, in PanelPass pass, ref float x, ref float y, ActivationKind activation, ImageLayout? image = null)
    {
        var lines = Check(norm, in pass, ref x, image);
        pass.Check(ref y, lines.Count);
        var isRelu = NormKernels.IsRelu(activation);
        if (!pass.IsSampleMajor)
        {
            NormKernels.Scale(Pointer(ref x), Pointer(ref y), in lines, pass.Width, norm, pass.Share(norm.Channels, 4), isRelu);
            return;
        }
        var (first, end) = pass.Share(norm.Channels, PanelGeometry.Lanes);
        for (nint sample = 0; sample < pass.UsedColumns; sample++)
        {
            var at = (sample * SmallBatch.Stride(norm.Channels)) + first;
            var source = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref x, at), end - first);
            var target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref y, at), end - first);
            TensorPrimitives.MultiplyAdd(source, norm.Scale[first..end], norm.Shift[first..end], target);
            if (isRelu)
                TensorPrimitives.Max(target, 0f, target);
        }
    }

    /// <summary>Adds the statistics of the batch to what the running ones take over when the step counts.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="statistics">Slot of the statistics.</param>
    /// <param name="positions">Values of a channel in a sample.</param>
    /// <param name="accumulate">Whether the step has added others before.</param>
    public static void Remember(BatchNormalisation norm, in BatchPass batch, int statistics, int positions, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(norm);
        if (batch.Tap is { KeepsStatistics: false })
            return;
        batch.Check(statistics, BatchStatistics.Lines(norm.Channels));
        var channels = norm.Channels;
        var ghosts = new GhostBatches(batch.Layout.Batch, norm.Options.Ghost, positions);
        if (BatchStatistics.Read(in batch, statistics, 3 * channels, ghosts, part: 0) == 0)
        {
            if (!accumulate && batch.Member == 0)
                norm.Running.Drop();
            return;
        }
        var (first, end) = batch.Share(channels, 1);
        for (var channel = first; channel < end; channel++)
        {
            if (!accumulate)
                norm.Running.Begin(channel);
            for (var part = 0; part < ghosts.Count; part++)
            {
                var (mean, variance) = (BatchStatistics.Read(in batch, statistics, channel, ghosts, part),
                    (double)BatchStatistics.Read(in batch, statistics, channels + channel, ghosts, part));
                var count = ghosts.Samples(part) * (double)positions;
                norm.Running.Add(channel, mean, norm.Options.Range == RangeNorm.None ? variance * count / (count - 1) : variance);
            }
        }
    }

    private static bool UsesRunning(BatchNormalisation norm, bool training) => !training || norm.IsFrozen;

    private static GhostBatches GhostsOf(BatchNormalisation norm, in BatchPass batch, ChannelLines lines) =>
        new(batch.Layout.Batch, norm.Options.Ghost, lines.Positions);

    private static NormRun Run(BatchNormalisation norm, in PanelPass pass, ChannelLines lines, float* statistics) => new(
        (norm.Weight, norm.Bias), lines, pass.Width, pass.Share(norm.Channels, 1), BatchStatistics.Means(statistics),
        BatchStatistics.Inverses(statistics, norm.Channels, pass.Width));

    private static ChannelLines Check(BatchNormalisation norm, in PanelPass pass, ref float x, ImageLayout? image)
    {
        ArgumentNullException.ThrowIfNull(norm);
        if (image is not null)
            image = ImagePass.Layout(in pass, ref x, image);
        else
            pass.Check(ref x, norm.Channels);
        return ChannelLines.Of(norm.Channels, image);
    }

    private static ChannelLines Check(BatchNormalisation norm, in BatchPass batch, int x, ImageLayout? image)
    {
        ArgumentNullException.ThrowIfNull(norm);
        if (image is not null && batch.Layout.Width(0) != PanelGeometry.Lanes)
            throw new ArgumentException("Images lie in panels of one vector.", nameof(batch));
        var lines = ChannelLines.Of(norm.Channels, image);
        batch.Check(x, lines.Count);
        return lines;
    }

    private static float* CheckStatistics(BatchNormalisation norm, in PanelPass pass, ref float statistics)
    {
        pass.Check(ref statistics, BatchStatistics.Lines(norm.Channels));
        return Pointer(ref statistics);
    }

    /// <summary>The workspace does not move.</summary>
    private static float* Pointer(ref float value) => (float*)Unsafe.AsPointer(ref value);
}
