using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>Moves of whole channels between images of a panel.</summary>
/// <remarks>
/// Members of a team take channels in turn. A row of an image holds the same row of all channels, one after the other. So where images have
/// the same border, channels could be written to their places in the image of a concatenation at once, and nothing would have to move.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ChannelPass
{
    /// <summary><c>y[to + c, r, k] = x[from + c, stride·r, stride·k]</c>, or adds it.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="input">Their layout.</param>
    /// <param name="from">First channel of them.</param>
    /// <param name="y">The images that are written.</param>
    /// <param name="output">Their layout.</param>
    /// <param name="to">First channel of them.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="stride">From a pixel that is read to the next.</param>
    /// <param name="clear">Whether other channels of y become 0; else they stay as they are.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void Take(
        in PanelPass pass, ref float x, ImageLayout input, int from, ref float y, ImageLayout output, int to, int channels, int stride,
        bool clear, bool accumulate)
    {
        (input, output) = Layouts(in pass, ref x, input, from, ref y, output, to, channels);
        CheckStride(stride, fine: input.Size, coarse: output.Size);
        var (lanes, run) = (PanelGeometry.Lanes, output.Size.Columns * PanelGeometry.Lanes);
        var (first, end) = clear ? pass.Share(output.Channels, 1) : pass.Share(channels, 1);
        var shift = clear ? to : 0;
        for (var channel = first - shift; channel < end - shift; channel++)
        {
            for (var row = 0; row < output.Size.Rows; row++)
            {
                var target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref y, output.Offset(0, to + channel, row, 0)), run);
                if (channel < 0 || channel >= channels)
                {
                    target.Clear();
                    continue;
                }
                ref var source = ref Unsafe.Add(ref x, input.Offset(0, from + channel, row * stride, 0));
                if (stride == 1)
                {
                    ImagePass.Move(MemoryMarshal.CreateReadOnlySpan(ref source, run), target, accumulate);
                    continue;
                }
                for (var i = 0; i < run; i += lanes)
                {
                    ref var line = ref Unsafe.Add(ref source, i * stride);
                    ImagePass.Move(MemoryMarshal.CreateReadOnlySpan(ref line, lanes), target.Slice(i, lanes), accumulate);
                }
            }
        }
    }

    /// <summary>The gradient of <see cref="Take"/>: <c>dx[from + c, stride·r, stride·k] = dy[to + c, r, k]</c>, or adds it.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of what was written.</param>
    /// <param name="output">Its layout.</param>
    /// <param name="to">First channel of it.</param>
    /// <param name="dx">Gradient of what was read; the rest of it becomes 0 where nothing is added.</param>
    /// <param name="input">Its layout.</param>
    /// <param name="from">First channel of it.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="stride">From a pixel that was read to the next.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void TakeGrad(
        in PanelPass pass, ref float dy, ImageLayout output, int to, ref float dx, ImageLayout input, int from, int channels, int stride,
        bool accumulate)
    {
        (output, input) = Layouts(in pass, ref dy, output, to, ref dx, input, from, channels);
        CheckStride(stride, fine: input.Size, coarse: output.Size);
        var (lanes, run) = (PanelGeometry.Lanes, input.Size.Columns * PanelGeometry.Lanes);
        var (first, end) = pass.Share(input.Channels, 1);
        for (var channel = first - from; channel < end - from; channel++)
        {
            for (var row = 0; row < input.Size.Rows; row++)
            {
                var target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref dx, input.Offset(0, from + channel, row, 0)), run);
                var isRead = channel >= 0 && channel < channels && row % stride == 0;
                if (!accumulate && (stride > 1 || !isRead))
                    target.Clear();
                if (!isRead)
                    continue;
                ref var source = ref Unsafe.Add(ref dy, output.Offset(0, to + channel, row / stride, 0));
                if (stride == 1)
                {
                    ImagePass.Move(MemoryMarshal.CreateReadOnlySpan(ref source, run), target, accumulate);
                    continue;
                }
                for (var i = 0; i < output.Size.Columns * lanes; i += lanes)
                {
                    ref var line = ref Unsafe.Add(ref source, i);
                    ImagePass.Move(MemoryMarshal.CreateReadOnlySpan(ref line, lanes), target.Slice(i * stride, lanes), accumulate);
                }
            }
        }
    }

    /// <summary>
    /// Channels in another order: channel i of group g becomes channel <c>i·groups + g</c>. The reverse has as many groups as a group of
    /// this one has channels.
    /// </summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">Those in the other order.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the others, of the same size.</param>
    /// <param name="groups">Groups; they divide the channels.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void Shuffle(
        in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, int groups, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(input);
        (input, output) = Layouts(in pass, ref x, input, 0, ref y, output, 0, input.Channels);
        if (groups < 1 || input.Channels % groups != 0 || output.Channels != input.Channels || output.Size != input.Size)
            throw new ArgumentException($"{input.Channels} channels have no {groups} groups.", nameof(groups));
        var (each, run) = (input.Channels / groups, output.Size.Columns * PanelGeometry.Lanes);
        var (first, end) = pass.Share(output.Channels, 1);
        for (var channel = first; channel < end; channel++)
        {
            var (i, group) = Math.DivRem(channel, groups);
            for (var row = 0; row < output.Size.Rows; row++)
            {
                ImagePass.Move(
                    MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref x, input.Offset(0, (group * each) + i, row, 0)), run),
                    MemoryMarshal.CreateSpan(ref Unsafe.Add(ref y, output.Offset(0, channel, row, 0)), run),
                    accumulate);
            }
        }
    }

    /// <summary>The layouts that images have in a pass; throws unless they lie there and have the channels.</summary>
    private static (ImageLayout Input, ImageLayout Output) Layouts(
        in PanelPass pass, ref float x, ImageLayout input, int from, ref float y, ImageLayout output, int to, int channels)
    {
        (input, output) = (ImagePass.Layout(in pass, ref x, input), ImagePass.Layout(in pass, ref y, output));
        if (from < 0 || to < 0 || channels < 1 || from > input.Channels - channels || to > output.Channels - channels)
        {
            throw new ArgumentException(
                $"{channels} channels from {from} and from {to} on are not in images of {input.Channels} and {output.Channels}.");
        }
        return (input, output);
    }

    private static void CheckStride(int stride, Extent fine, Extent coarse)
    {
        if (stride < 1 || coarse != new Extent((fine.Rows + stride - 1) / stride, (fine.Columns + stride - 1) / stride))
            throw new ArgumentException($"A stride of {stride} does not lead from {fine} to {coarse} pixels.", nameof(stride));
    }
}
