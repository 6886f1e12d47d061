using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>
/// Where the numbers of a batch of images lie: <c>[vector of samples][row][channel][column][lanes]</c>. A line is a pixel of a channel in a
/// vector of samples. Around an image is a border of lines that stay 0.
/// </summary>
/// <remarks>
/// Lines that are read together must not share the sets of the first-level cache. So a row of a multiple of 4 columns gets one more, which
/// keeps neighbouring channels apart, and rows and vectors of samples get a few cache lines between them (<see cref="Spread"/>).
/// </remarks>
internal sealed class ImageLayout : IEquatable<ImageLayout>
{
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="size">Size of an image.</param>
    /// <param name="border">Lines around an image, as many as its readers need.</param>
    public ImageLayout(int samples, int channels, Extent size, int border)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Rows, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Columns, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfNegative(border);
        (Samples, Channels, Size, Border) = (samples, channels, size, border);
        Vectors = (samples + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes;
        checked
        {
            var columns = size.Columns + (2 * border);
            ChannelStride = (columns % 4 == 0 ? columns + 1 : columns) * PanelGeometry.Lanes;
            RowStride = Spread(ChannelStride * channels);
            VectorStride = Spread(RowStride * (size.Rows + (2 * border)));
            Length = VectorStride * Vectors;
        }
    }

    public int Samples { get; }

    public int Channels { get; }

    public Extent Size { get; }

    public int Border { get; }

    /// <summary>Vectors of samples; lanes of the last one that have no sample are computed and thrown away.</summary>
    public int Vectors { get; }

    /// <summary>From a channel to the next, in floats.</summary>
    public int ChannelStride { get; }

    /// <summary>From a row to the next.</summary>
    public int RowStride { get; }

    /// <summary>From a vector of samples to the next.</summary>
    public int VectorStride { get; }

    /// <summary>Floats of all images.</summary>
    public int Length { get; }

    /// <summary>Where a line lies; rows and columns count from the image, so those of the border are negative or too large.</summary>
    public int Offset(int vector, int channel, int row, int column) =>
        (vector * VectorStride) + ((row + Border) * RowStride) + (channel * ChannelStride) + ((column + Border) * PanelGeometry.Lanes);

    /// <summary>Copies images <c>[samples, channels, rows, columns]</c> to their places.</summary>
    public void Import(ReadOnlySpan<float> images, Span<float> value)
    {
        CheckImages(images.Length);
        Check(value.Length);
        for (var position = 0; position < images.Length; position++)
            value[Place(position)] = images[position];
    }

    /// <summary>The reverse of <see cref="Import"/>.</summary>
    public void Export(ReadOnlySpan<float> value, Span<float> images)
    {
        CheckImages(images.Length);
        Check(value.Length);
        for (var position = 0; position < images.Length; position++)
            images[position] = value[Place(position)];
    }

    /// <summary>Throws unless memory has the length of a value.</summary>
    public void Check(int length)
    {
        if (length != Length)
            throw new ArgumentException($"{this} needs {Length} floats, not {length}.");
    }

    public bool Equals(ImageLayout? other) =>
        other is not null && (Samples, Channels, Size, Border) == (other.Samples, other.Channels, other.Size, other.Border);

    public override bool Equals(object? obj) => Equals(obj as ImageLayout);

    public override int GetHashCode() => HashCode.Combine(Samples, Channels, Size, Border);

    public override string ToString() => $"A batch of {Samples} x {Channels} x {Size.Rows} x {Size.Columns} with a border of {Border}";

    /// <summary>
    /// A distance of at least so many floats, of which no small multiple is near a multiple of what a way of the first-level cache holds.
    /// </summary>
    private static int Spread(int distance)
    {
        const int sets = 64, most = 5, apart = 6, line = 16;
        var lines = (distance + line - 1) / line;
        while (Enumerable.Range(1, most).Any(times => times * lines % sets is < apart or > sets - apart))
            lines++;
        return checked(lines * line);
    }

    private int Place(int position)
    {
        var (pixel, column) = Math.DivRem(position, Size.Columns);
        (pixel, var row) = Math.DivRem(pixel, Size.Rows);
        var (sample, channel) = Math.DivRem(pixel, Channels);
        var (vector, lane) = Math.DivRem(sample, PanelGeometry.Lanes);
        return Offset(vector, channel, row, column) + lane;
    }

    private void CheckImages(int length)
    {
        if (length != (long)Samples * Channels * Size.Area)
            throw new ArgumentException($"{this} has {(long)Samples * Channels * Size.Area} numbers, not {length}.");
    }
}
