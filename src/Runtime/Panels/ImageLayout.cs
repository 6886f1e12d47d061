using System.ComponentModel;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>
/// Where the numbers of images lie: <c>[vector of samples][row][channel][column][lanes]</c>. A line is a pixel of a channel in a vector of
/// samples. Around an image is a border of lines, which is 0 where somebody reads it. A panel has one vector, whose lines are rows of it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ImageLayout : IEquatable<ImageLayout>
{
    private readonly ImageLines _lines;
    private ImageLayout? _cut;
    private PartEdges? _edges;

    /// <summary>The layout of a panel.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="rows">Rows of an image.</param>
    /// <param name="columns">Columns of an image.</param>
    /// <param name="border">Lines around an image, as many as its readers need.</param>
    public ImageLayout(int channels, int rows, int columns, int border)
        : this(PanelGeometry.Lanes, channels, new Extent(rows, columns), border)
    {
    }

    /// <param name="samples">Samples.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="size">Size of an image.</param>
    /// <param name="border">Lines around an image, as many as its readers need.</param>
    internal ImageLayout(int samples, int channels, Extent size, int border)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Rows, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Columns, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfNegative(border);
        _lines = new ImageLines(channels, size.Rows, size.Columns, border);
        Samples = samples;
        Vectors = (samples + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes;
        checked
        {
            VectorStride = _lines.Count * PanelGeometry.Lanes;
            Length = VectorStride * Vectors;
        }
    }

    /// <summary>The layout of images in parts.</summary>
    private ImageLayout(ImageLayout whole, ImageParts parts)
        : this(PanelGeometry.Lanes, whole.Channels, parts.Size, parts.Border) => Lanes = new(whole.Size, Size, Border, parts.Cuts.Grid);

    /// <summary>How the images are cut where a sample takes all lanes; null where they never are.</summary>
    public ImageParts? Parts { get; init; }

    /// <summary>Channels.</summary>
    public int Channels => _lines.Channels;

    /// <summary>Rows of a panel that the images take.</summary>
    public int Lines => _lines.Count;

    /// <summary>Numbers of an image.</summary>
    public int Features => _lines.Features;

    /// <summary>Samples of the batch.</summary>
    internal int Samples { get; }

    /// <summary>Size of an image.</summary>
    internal Extent Size => new(_lines.Rows, _lines.Columns);

    /// <summary>Which pixels the lanes have, where each has a part of an image; null where each has a sample.</summary>
    internal PartLanes? Lanes { get; }

    /// <summary>What the lines around parts are taken of.</summary>
    internal PartEdges Edges => _edges ??= new(this);

    /// <summary>Lines around an image.</summary>
    internal int Border => _lines.Border;

    /// <summary>Vectors of samples; lanes of the last one that have no sample are computed and thrown away.</summary>
    internal int Vectors { get; }

    /// <summary>From a channel to the next, in floats.</summary>
    internal int ChannelStride => _lines.ChannelStride * PanelGeometry.Lanes;

    /// <summary>From a row to the next.</summary>
    internal int RowStride => _lines.RowStride * PanelGeometry.Lanes;

    /// <summary>From a vector of samples to the next.</summary>
    internal int VectorStride { get; }

    /// <summary>Floats from the first number to behind the last.</summary>
    internal int Length { get; }

    /// <summary>The layout of the same images where they are cut, if they ever are.</summary>
    /// <param name="isCut">Whether the pass cuts images.</param>
    internal ImageLayout In(bool isCut) => isCut && Parts is not null ? _cut ??= new(this, Parts) : this;

    /// <summary>Where a line lies; rows and columns count from the image, so those of the border are negative or too large.</summary>
    internal int Offset(int vector, int channel, int row, int column) =>
        (vector * VectorStride) + ((row + Border) * RowStride) + (channel * ChannelStride) + ((column + Border) * PanelGeometry.Lanes);

    /// <summary>Copies images <c>[samples, channels, rows, columns]</c> to their places.</summary>
    internal void Import(ReadOnlySpan<float> images, Span<float> value)
    {
        CheckImages(images.Length);
        Check(value.Length);
        for (var position = 0; position < images.Length; position++)
            value[Place(position)] = images[position];
    }

    /// <summary>The reverse of <see cref="Import"/>.</summary>
    internal void Export(ReadOnlySpan<float> value, Span<float> images)
    {
        CheckImages(images.Length);
        Check(value.Length);
        for (var position = 0; position < images.Length; position++)
            images[position] = value[Place(position)];
    }

    /// <summary>Throws unless memory has the length of a value.</summary>
    internal void Check(int length)
    {
        if (length != Length)
            throw new ArgumentException($"{this} needs {Length} floats, not {length}.");
    }

    /// <inheritdoc/>
    public bool Equals(ImageLayout? other) =>
        other is not null && (Samples, _lines, Parts, Grid) == (other.Samples, other._lines, other.Parts, other.Grid);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ImageLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Samples, _lines, Parts, Grid);

    /// <summary>For example <c>A batch of 8 x 16 x 32 x 32 with a border of 1</c>.</summary>
    public override string ToString() => $"A batch of {Samples} x {Channels} x {Size.Rows} x {Size.Columns} with a border of {Border}";

    private PartGrid Grid => Lanes?.Grid ?? default;

    private int Place(int position)
    {
        var size = Lanes?.Image ?? Size;
        var (pixel, column) = Math.DivRem(position, size.Columns);
        (pixel, var row) = Math.DivRem(pixel, size.Rows);
        var (sample, channel) = Math.DivRem(pixel, Channels);
        if (Lanes is { } lanes)
            return Offset(0, channel, row % Size.Rows, column % Size.Columns) + lanes.LaneOf(sample, row, column);
        var (vector, lane) = Math.DivRem(sample, PanelGeometry.Lanes);
        return Offset(vector, channel, row, column) + lane;
    }

    private void CheckImages(int length)
    {
        var numbers = Lanes is { } lanes ? (long)lanes.Samples * Channels * lanes.Image.Area : (long)Samples * Channels * Size.Area;
        if (length != numbers)
            throw new ArgumentException($"{this} has {numbers} numbers, not {length}.");
    }
}
