using System.ComponentModel;
using System.Runtime.CompilerServices;
using SparseSharp.Normalisation;

namespace SparseSharp.Kernels;

/// <summary>
/// Group normalisation in the passes of a model: sums of channels, statistics of groups from them, and then each channel is normalised. A
/// sample is a column of a panel, so no panel waits for another.
/// </summary>
/// <remarks>
/// The statistics of a panel are lines of means, of variances and of the inverses of deviations, one for each channel. Members of a team own
/// channels, and of what groups have in common, groups.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class GroupNormPass
{
    /// <summary>Sums of each channel, for <see cref="Statistics"/>.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="statistics">Receives them.</param>
    /// <param name="image">Layout of the images.</param>
    public static void Sums(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ImageLayout image)
    {
        var lines = Check(norm, in pass, ref x, image);
        pass.Check(ref statistics, 3 * norm.Features);
        var (channels, width) = (norm.Features, pass.Width);
        var target = Pointer(ref statistics);
        NormKernels.Sums(
            Pointer(ref x), target, target + (2 * (nint)channels * width), target + ((nint)channels * width), in lines,
            pass.Share(channels, 1));
    }

    /// <summary>Mean and variance of each group of each sample.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="statistics">The sums, which statistics replace.</param>
    /// <param name="image">Layout of the images.</param>
    public static void Statistics(SampleNormalisation norm, in PanelPass pass, ref float statistics, ImageLayout image)
    {
        ArgumentNullException.ThrowIfNull(norm);
        ArgumentNullException.ThrowIfNull(image);
        pass.Check(ref statistics, 3 * norm.Features);
        var (positions, size) = (image.Size.Area, norm.Features / norm.Groups);
        var length = (nint)norm.Features * pass.Width;
        var pivots = Pointer(ref statistics);
        var squares = pivots + length;
        var sums = squares + length;
        var (first, end) = pass.Share(norm.Groups, 1);
        for (var group = first; group < end; group++)
        {
            var start = (nint)group * size * pass.Width;
            for (var column = 0; column < pass.Width; column++)
            {
                var (mean, variance) = (0.0, 0.0);
                for (var at = start + column; at < start + ((nint)size * pass.Width); at += pass.Width)
                    mean += pivots[at] + ((double)sums[at] / positions);
                mean /= size;
                for (var at = start + column; at < start + ((nint)size * pass.Width); at += pass.Width)
                {
                    var distance = pivots[at] - mean;
                    variance += squares[at] + (distance * ((2.0 * sums[at]) + (positions * distance)));
                }
                variance = Math.Max(0, variance / (size * (double)positions));
                var inverse = (float)(1 / Math.Sqrt(variance + norm.Epsilon));
                for (var at = start + column; at < start + ((nint)size * pass.Width); at += pass.Width)
                    (pivots[at], squares[at], sums[at]) = ((float)mean, (float)variance, inverse);
            }
        }
    }

    /// <summary><c>y = (x - mean)·inverse·factor + term</c>, then ReLU where it is fused.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="y">Receives the result.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="image">Layout of the images.</param>
    public static void Forward(
        SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float y, ActivationKind activation,
        ImageLayout image)
    {
        var lines = Check(norm, in pass, ref x, image);
        pass.Check(ref statistics, 3 * norm.Features);
        pass.Check(ref y, lines.Count);
        var run = Run(norm, in pass, lines, ref statistics);
        NormKernels.Normalise(Pointer(ref x), Pointer(ref y), in run, NormKernels.IsRelu(activation));
    }

    /// <summary>Sums of the gradients of each channel, and of their products with normalised values.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="statistics">Their statistics.</param>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="sums">Receives them.</param>
    /// <param name="image">Layout of the images.</param>
    public static void GradSums(
        SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float dy, ref float sums, ImageLayout image)
    {
        var lines = Check(norm, in pass, ref x, image);
        pass.Check(ref statistics, 3 * norm.Features);
        pass.Check(ref dy, lines.Count);
        pass.Check(ref sums, 4 * norm.Features);
        var length = (nint)norm.Features * pass.Width;
        NormKernels.GradSums(
            Pointer(ref x), Pointer(ref dy), Pointer(ref statistics), Pointer(ref statistics) + (2 * length), Pointer(ref sums),
            Pointer(ref sums) + length, in lines, pass.Share(norm.Features, 1));
    }

    /// <summary>What the gradient of the input has besides that of the result: a term, and a slope by the distance from the mean.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="sums">The sums; terms and slopes follow them.</param>
    /// <param name="image">Layout of the images.</param>
    public static void GradStatistics(
        SampleNormalisation norm, in PanelPass pass, ref float statistics, ref float sums, ImageLayout image)
    {
        ArgumentNullException.ThrowIfNull(norm);
        ArgumentNullException.ThrowIfNull(image);
        pass.Check(ref statistics, 3 * norm.Features);
        pass.Check(ref sums, 4 * norm.Features);
        var size = norm.Features / norm.Groups;
        var (length, count) = ((nint)norm.Features * pass.Width, size * (double)image.Size.Area);
        var inverses = Pointer(ref statistics) + (2 * length);
        var gradients = Pointer(ref sums);
        var (first, end) = pass.Share(norm.Groups, 1);
        for (var group = first; group < end; group++)
        {
            for (var column = 0; column < pass.Width; column++)
            {
                var (sum, product) = (0.0, 0.0);
                for (var channel = group * size; channel < (group + 1) * size; channel++)
                {
                    var at = ((nint)channel * pass.Width) + column;
                    sum += norm.Factor(channel) * (double)gradients[at];
                    product += norm.Factor(channel) * (double)gradients[length + at];
                }
                double inverse = inverses[((nint)group * size * pass.Width) + column];
                var (term, slope) = (-inverse * sum / count, -inverse * inverse * product / count);
                for (var channel = group * size; channel < (group + 1) * size; channel++)
                {
                    var at = ((nint)channel * pass.Width) + column;
                    (gradients[(2 * length) + at], gradients[(3 * length) + at]) = ((float)term, (float)slope);
                }
            }
        }
    }

    /// <summary>The gradient of the images.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="x">The images.</param>
    /// <param name="statistics">Their statistics.</param>
    /// <param name="sums">Sums, terms and slopes.</param>
    /// <param name="dx">Receives the gradient; it may be dy or x.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="image">Layout of the images.</param>
    public static void GradInput(
        SampleNormalisation norm, in PanelPass pass, ref float dy, ref float x, ref float statistics, ref float sums, ref float dx,
        bool accumulate, ImageLayout image)
    {
        var lines = Check(norm, in pass, ref x, image);
        pass.Check(ref statistics, 3 * norm.Features);
        pass.Check(ref dy, lines.Count);
        pass.Check(ref dx, lines.Count);
        pass.Check(ref sums, 4 * norm.Features);
        var length = (nint)norm.Features * pass.Width;
        var run = Run(norm, in pass, lines, ref statistics);
        NormKernels.GradInput(
            Pointer(ref x), Pointer(ref dy), Pointer(ref dx), Pointer(ref sums) + (2 * length), Pointer(ref sums) + (3 * length), in run,
            accumulate);
    }

    /// <summary>The gradients of factors and terms.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="sums">Slot of the sums.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(SampleNormalisation norm, in BatchPass batch, int sums, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(norm);
        if (norm.IsFrozen || batch.Tap is not null || norm.Weight is null)
            return;
        batch.Check(sums, 4 * norm.Features);
        var weight = norm.Weight.GradientBuffer;
        var bias = norm.Bias!.GradientBuffer;
        var (first, end) = batch.Share(norm.Features, 1);
        for (var channel = first; channel < end; channel++)
        {
            var (sum, product) = accumulate ? (bias[channel], (double)weight[channel]) : (0.0, 0.0);
            for (var panel = 0; panel < batch.Layout.Panels; panel++)
            {
                var width = batch.Layout.Width(panel);
                var values = batch.Slot(sums, panel) + ((nint)channel * width);
                for (var column = 0; column < batch.Layout.Samples(panel); column++)
                {
                    sum += values[column];
                    product += values[((nint)norm.Features * width) + column];
                }
            }
            (weight[channel], bias[channel]) = ((float)product, (float)sum);
        }
    }

    private static NormRun Run(SampleNormalisation norm, in PanelPass pass, ChannelLines lines, ref float statistics) => new(
        (norm.Weight, norm.Bias), lines, pass.Width, pass.Share(norm.Features, 1), Pointer(ref statistics),
        Pointer(ref statistics) + (2 * (nint)norm.Features * pass.Width));

    private static ChannelLines Check(SampleNormalisation norm, in PanelPass pass, ref float x, ImageLayout image)
    {
        ArgumentNullException.ThrowIfNull(norm);
        ImagePass.Check(in pass, ref x, image);
        return ChannelLines.Of(norm.Features, image);
    }

    /// <summary>The workspace does not move.</summary>
    private static float* Pointer(ref float value) => (float*)Unsafe.AsPointer(ref value);
}
