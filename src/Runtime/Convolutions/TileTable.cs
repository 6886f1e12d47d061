using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>The tiles of a class of pixels, over all vectors of samples: where their lines lie in the input and in the output.</summary>
internal sealed unsafe class TileTable : IDisposable
{
    private readonly PinnedBuffer<int> _tiles;
    private readonly PinnedBuffer<int> _counted;
    private readonly PinnedBuffer<int> _taps;

    /// <param name="phase">The phase.</param>
    /// <param name="pixels">Its class.</param>
    /// <param name="isAlone">Whether the class has all pixels: vectors of samples follow each other then, else pixels do.</param>
    /// <param name="input">Layout of the input.</param>
    /// <param name="output">Layout of the output.</param>
    /// <param name="groupTiles">Tiles of a group.</param>
    /// <param name="firstPart">Number of the first part.</param>
    public TileTable(
        TapPhase phase, PixelClass pixels, bool isAlone, ImageLayout input, ImageLayout output, int groupTiles, int firstPart)
    {
        (GroupTiles, FirstPart) = (groupTiles, firstPart);
        var size = ConvolutionTiles.Pixels;
        var lines = checked(pixels.Pixels.Length * input.Vectors);
        Tiles = (lines + size - 1) / size;
        Groups = (Tiles + GroupTiles - 1) / GroupTiles;
        Parts = Math.Min(Groups, MostParts);
        _taps = new PinnedBuffer<int>(pixels.Taps.Length);
        pixels.Taps.CopyTo(_taps.Span);
        _tiles = new PinnedBuffer<int>((long)Tiles * ConvolutionTiles.Record);
        _counted = new PinnedBuffer<int>((long)Tiles * size);
        for (var place = 0; place < Tiles * size; place++)
        {
            // The last tile repeats its last line, whose sums do not count: it writes the same numbers twice.
            var line = Math.Min(place, lines - 1);
            var (vector, pixel) = isAlone ? Math.DivRem(line, pixels.Pixels.Length) : (line % input.Vectors, line / input.Vectors);
            var at = pixels.Pixels[pixel];
            var tile = _tiles.Pointer + (place / size * ConvolutionTiles.Record);
            var number = place % size;
            tile[number] = input.Offset(vector, 0, at.Rows * phase.InputStride.Rows, at.Columns * phase.InputStride.Columns);
            tile[ConvolutionTiles.Output + number] = output.Offset(
                vector, 0, phase.First.Rows + (at.Rows * phase.Stride.Rows), phase.First.Columns + (at.Columns * phase.Stride.Columns));
            if (number > 0)
            {
                tile[number] -= tile[0];
                tile[ConvolutionTiles.Output + number] -= tile[ConvolutionTiles.Output];
            }
            var mask = place != line ? LaneMasks.None : vector == input.Vectors - 1 ? LaneMasks.Last : LaneMasks.All;
            _counted.Pointer[place] = mask * PanelGeometry.Lanes;
        }
    }

    /// <summary>Parts that a class is cut into at most, whatever workers there are: each has sums of its own.</summary>
    private const int MostParts = 32;

    /// <summary>Tiles.</summary>
    public int Tiles { get; }

    /// <summary>Tiles that share a segment of weights while it is in the first-level cache, and lines of the input.</summary>
    public int GroupTiles { get; }

    /// <summary>Groups of tiles.</summary>
    public int Groups { get; }

    /// <summary>Parts of the groups.</summary>
    public int Parts { get; }

    /// <summary>Number of the first part among those of all classes.</summary>
    public int FirstPart { get; }

    /// <summary>Numbers of the taps that lie inside the image.</summary>
    public int* Taps => _taps.Pointer;

    public int TapCount => (int)_taps.Length;

    public int* Tile(int tile) => _tiles.Pointer + ((nint)tile * ConvolutionTiles.Record);

    public int* Counted(int tile) => _counted.Pointer + ((nint)tile * ConvolutionTiles.Pixels);

    /// <summary>The first group of a part.</summary>
    public int FirstGroup(int part) => (int)((long)Groups * part / Parts);

    /// <summary>Different lines of a channel that a group of tiles reads.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="input">Layout of the input.</param>
    public int LinesOfGroup(TapPhase phase, ImageLayout input)
    {
        var lines = new HashSet<int>();
        for (var tile = 0; tile < Math.Min(GroupTiles, Tiles); tile++)
        {
            for (var pixel = 0; pixel < ConvolutionTiles.Pixels; pixel++)
            {
                var first = Tile(tile)[0] + (pixel > 0 ? Tile(tile)[pixel] : 0);
                for (var tap = 0; tap < TapCount; tap++)
                    lines.Add(first + Position(phase.Taps[Taps[tap]], input));
            }
        }
        return Math.Max(1, lines.Count);
    }

    /// <summary>How far from the line of a pixel that of a tap lies.</summary>
    public static int Position(Tap tap, ImageLayout input) => (tap.Row * input.RowStride) + (tap.Column * PanelGeometry.Lanes);

    public void Dispose()
    {
        _tiles.Dispose();
        _counted.Dispose();
        _taps.Dispose();
    }
}

/// <summary>Which samples of a vector count, as three vectors that are positive where one does.</summary>
internal static class LaneMasks
{
    /// <summary>All.</summary>
    public const int All = 0;

    /// <summary>Those that the last vector of a batch has.</summary>
    public const int Last = 1;

    /// <summary>None.</summary>
    public const int None = 2;

    private static readonly PinnedBuffer<float> s_masks = Make();

    /// <summary>The three vectors for a batch whose last vector has some samples.</summary>
    public static unsafe float* Of(int samples) => s_masks.Pointer + ((nint)(samples - 1) * 3 * PanelGeometry.Lanes);

    private static PinnedBuffer<float> Make()
    {
        var lanes = PanelGeometry.Lanes;
        var masks = new PinnedBuffer<float>(3 * lanes * lanes);
        for (var samples = 1; samples <= lanes; samples++)
            masks.Span.Slice((samples - 1) * 3 * lanes, lanes + samples).Fill(1);
        return masks;
    }
}
