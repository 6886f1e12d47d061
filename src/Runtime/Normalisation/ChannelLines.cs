using SparseSharp.Kernels;

namespace SparseSharp.Normalisation;

/// <summary>
/// Where the values of channels lie in a panel, in lines: <c>[row][channel][column]</c> of images, or a line for each feature. A line has a
/// number for each column of the panel.
/// </summary>
internal readonly struct ChannelLines
{
    private readonly int _first;
    private readonly int _rowStride;
    private readonly int _channelStride;

    private ChannelLines(int channels, int rows, int columns, int first, int rowStride, int channelStride, int count)
    {
        (Channels, Rows, Columns, Count) = (channels, rows, columns, count);
        (_first, _rowStride, _channelStride) = (first, rowStride, channelStride);
    }

    /// <summary>Channels, or features.</summary>
    public int Channels { get; }

    /// <summary>Rows of an image; 1 for features.</summary>
    public int Rows { get; }

    /// <summary>Columns of an image; 1 for features.</summary>
    public int Columns { get; }

    /// <summary>Lines in all.</summary>
    public int Count { get; }

    /// <summary>Values of a channel in a sample.</summary>
    public int Positions => Rows * Columns;

    /// <param name="features">Features.</param>
    /// <param name="image">The layout of images; null where the values are features.</param>
    public static ChannelLines Of(int features, ImageLayout? image)
    {
        if (image is null)
            return new(features, 1, 1, 0, 0, 1, features);
        if (image.Channels != features)
            throw new ArgumentException($"The images have {image.Channels} channels, not {features}.", nameof(image));
        var lanes = PanelGeometry.Lanes;
        return new(
            features, image.Size.Rows, image.Size.Columns, image.Offset(0, 0, 0, 0) / lanes, image.RowStride / lanes,
            image.ChannelStride / lanes, image.Lines);
    }

    /// <summary>The first line of a row of a channel; its columns follow.</summary>
    public nint Line(int channel, int row) => _first + ((nint)row * _rowStride) + ((nint)channel * _channelStride);
}
