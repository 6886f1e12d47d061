using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>Parts that an image is cut into.</summary>
/// <param name="Rows">Parts in a column of the grid.</param>
/// <param name="Columns">Parts in a row of the grid.</param>
/// <param name="PartRows">Rows of a part of the finest image of the model.</param>
/// <param name="PartColumns">Columns of such a part.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct PartGrid(int Rows, int Columns, int PartRows, int PartColumns)
{
    /// <summary>Parts of an image.</summary>
    internal int Parts => Rows * Columns;
}

/// <summary>
/// How the images of a model are cut where a panel would have few samples: one sample at a time takes all lanes, and each of them has a
/// part of its images. All values are cut at the same places, and parts may reach beyond the image.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ImageCuts
{
    /// <param name="four">The grid for vectors of four lanes.</param>
    /// <param name="eight">The grid for vectors of eight lanes.</param>
    /// <param name="sixteen">The grid for vectors of sixteen lanes.</param>
    public ImageCuts(PartGrid four, PartGrid eight, PartGrid sixteen)
    {
        Grid = PanelGeometry.Lanes switch
        {
            16 => sixteen,
            8 => eight,
            _ => four,
        };
        var isGrid = Grid is { Rows: > 0, Columns: > 0, PartRows: > 0, PartColumns: > 0 };
        if (!isGrid || (long)Grid.Rows * Grid.Columns > PanelGeometry.Lanes)
            throw new ArgumentException($"{Grid} is no grid for {PanelGeometry.Lanes} lanes.");
    }

    /// <summary>
    /// Whether a panel with so many samples goes sample by sample. A panel takes as long as about seven eighths of its lanes do alone.
    /// </summary>
    internal static bool IsFor(int samples) => 4 * samples <= 3 * PanelGeometry.Lanes;

    /// <summary>The grid for the vectors of this processor.</summary>
    internal PartGrid Grid { get; }
}

/// <summary>The parts of a value that is an image.</summary>
/// <param name="ScaleRows">Rows of the finest image of the model from a row of the value to the next.</param>
/// <param name="ScaleColumns">The same in columns.</param>
/// <param name="Border">Lines around a part: those that readers take from the parts beside it.</param>
/// <param name="Cuts">How the images of the model are cut.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ImageParts(int ScaleRows, int ScaleColumns, int Border, ImageCuts Cuts)
{
    /// <summary>Rows and columns of a part.</summary>
    internal Extent Size => new(Cuts.Grid.PartRows / ScaleRows, Cuts.Grid.PartColumns / ScaleColumns);
}
