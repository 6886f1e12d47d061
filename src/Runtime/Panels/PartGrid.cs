using System.ComponentModel;
using System.Numerics;

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
/// How the images of a model are cut where a panel has few samples: each sample takes several neighbouring lanes, and each of them has a
/// part of its images. All values are cut at the same places, and parts may reach beyond the image.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ImageCuts
{
    /// <summary>
    /// Numbers of grids. Of a grid with number n there are two to the power n lanes for each sample; 0 is for whole images.
    /// </summary>
    internal const int Levels = 5;

    private readonly PartGrid[] _grids;

    /// <param name="two">The grid for samples with two lanes.</param>
    /// <param name="four">The grid for samples with four lanes.</param>
    /// <param name="eight">The grid for samples with eight lanes.</param>
    /// <param name="sixteen">The grid for samples with sixteen lanes.</param>
    public ImageCuts(PartGrid two, PartGrid four, PartGrid eight, PartGrid sixteen)
    {
        _grids = [new(1, 1, 0, 0), two, four, eight, sixteen];
        for (var level = 1; level < Levels; level++)
        {
            var grid = _grids[level];
            if (grid is not { Rows: > 0, Columns: > 0, PartRows: > 0, PartColumns: > 0 } || (long)grid.Rows * grid.Columns > 1 << level)
                throw new ArgumentException($"{grid} is no grid for {1 << level} lanes.");
        }
    }

    /// <summary>The grid with a number.</summary>
    internal PartGrid this[int level] => _grids[level];

    /// <summary>The number of the grid for a panel with so many samples: each takes as many lanes as all of them have.</summary>
    internal static int LevelOf(int samples) =>
        BitOperations.Log2((uint)Math.Max(1, PanelGeometry.Lanes / (int)BitOperations.RoundUpToPowerOf2((uint)samples)));
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
    internal Extent Size(int level) => new(Cuts[level].PartRows / ScaleRows, Cuts[level].PartColumns / ScaleColumns);
}
