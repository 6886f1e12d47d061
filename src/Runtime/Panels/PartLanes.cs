using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>Which pixels of an image the lanes of a line have, where each lane has a part of it.</summary>
internal sealed unsafe class PartLanes
{
    private readonly int _border;
    private readonly PinnedBuffer<float> _rows;
    private readonly PinnedBuffer<float> _columns;

    /// <param name="image">Size of the image.</param>
    /// <param name="part">Size of a part.</param>
    /// <param name="border">Lines around a part.</param>
    /// <param name="grid">The parts.</param>
    public PartLanes(Extent image, Extent part, int border, PartGrid grid)
    {
        if (part.Rows * grid.Rows < image.Rows || part.Columns * grid.Columns < image.Columns)
            throw new ArgumentException($"Parts of {part} do not cover {image}.", nameof(part));
        (Image, Part, Grid, _border) = (image, part, grid, border);
        Samples = PanelGeometry.Lanes / grid.Parts;
        _rows = Masks(part.Rows, lane => RowOf(lane), image.Rows);
        _columns = Masks(part.Columns, lane => ColumnOf(lane), image.Columns);
    }

    /// <summary>Size of the image.</summary>
    public Extent Image { get; }

    /// <summary>Size of a part.</summary>
    public Extent Part { get; }

    /// <summary>The parts.</summary>
    public PartGrid Grid { get; }

    /// <summary>Samples that have lanes.</summary>
    public int Samples { get; }

    /// <summary>The first row of the image that a lane has.</summary>
    public int RowOf(int lane) => lane % Grid.Parts / Grid.Columns * Part.Rows;

    /// <summary>The first column of the image that a lane has.</summary>
    public int ColumnOf(int lane) => lane % Grid.Columns * Part.Columns;

    /// <summary>The lane of a sample that has a pixel of the image.</summary>
    public int LaneOf(int sample, int row, int column) =>
        (sample * Grid.Parts) + (row / Part.Rows * Grid.Columns) + (column / Part.Columns);

    /// <summary>A mask of the lanes whose row, counted from their first one, lies in the image.</summary>
    public float* RowMask(int row) => _rows.Pointer + ((nint)(row + _border) * PanelGeometry.Lanes);

    /// <summary>A mask of the lanes whose column, counted from their first one, lies in the image.</summary>
    public float* ColumnMask(int column) => _columns.Pointer + ((nint)(column + _border) * PanelGeometry.Lanes);

    private PinnedBuffer<float> Masks(int size, Func<int, int> first, int end)
    {
        var lanes = PanelGeometry.Lanes;
        var masks = new PinnedBuffer<float>((size + (2 * _border)) * lanes);
        for (var i = 0; i < masks.Length; i++)
        {
            var place = first(i % lanes) + (i / lanes) - _border;
            masks.Span[i] = BitConverter.Int32BitsToSingle((uint)place < (uint)end ? -1 : 0);
        }
        return masks;
    }
}
