using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>Where the columns of a phase lie in the input, and their weights in the parameter.</summary>
/// <param name="view">The weights.</param>
/// <param name="phase">The taps.</param>
/// <param name="input">Layout of the input.</param>
internal sealed class ColumnPlaces(WeightView view, TapPhase phase, ImageLayout input)
{
    private readonly int[] _taps = [.. phase.Taps.Select(tap => tap.Number)];
    private readonly int[] _lines = [.. phase.Taps.Select(tap => TileTable.Position(tap, input))];

    /// <summary>The weights.</summary>
    public WeightView View => view;

    /// <summary>The number of each tap of the phase.</summary>
    public ReadOnlySpan<int> Taps => _taps;

    /// <summary>
    /// A column: how far its line lies from that of a pixel (<see cref="Line"/>), and its weight from the first one of a row
    /// (<see cref="Weight"/>).
    /// </summary>
    /// <param name="group">Group of the convolution.</param>
    /// <param name="channel">Channel of the group.</param>
    /// <param name="tap">Tap in the list of the phase.</param>
    public long Column(int group, int channel, int tap)
    {
        var line = (((group * view.GroupChannels) + channel) * input.ChannelStride) + _lines[tap];
        return Pack(line, (channel * view.ChannelStride) + (_taps[tap] * view.TapStride));
    }

    /// <summary>What a column differs by from that of the channel before it.</summary>
    public long ChannelStep => Pack(input.ChannelStride, view.ChannelStride);

    /// <summary>From the line of a pixel to that of a column.</summary>
    public static int Line(long column) => (int)column;

    /// <summary>From the first weight of a row to that of a column.</summary>
    public static int Weight(long column) => (int)((column - (int)column) >> 32);

    /// <summary>Sums of packed numbers are those of both halves, since the lower one has a sign.</summary>
    private static long Pack(int line, int weight) => ((long)weight << 32) + line;
}
