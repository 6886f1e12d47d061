using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// The pixels over which a weight gradient sums, in blocks whose lines stay in the first-level cache. In small images each tap has lists of
/// its own, of the pixels that lie inside for it.
/// </summary>
internal sealed unsafe class PixelLists : IDisposable
{
    /// <summary>Rows of a strip.</summary>
    private const int StripRows = 4;

    private const int FewestPixels = 16;

    private const int MostPixels = 64;

    /// <summary>Floats of the first-level cache for the lines of a block.</summary>
    private static int CacheFloats => PanelGeometry.Has512 ? 11264 : 7168;

    private readonly PinnedBuffer<int> _pixels;
    private readonly int[] _firstPixels;
    private readonly int _lists;

    /// <param name="phase">The forward phase.</param>
    /// <param name="input">Layout of the input.</param>
    /// <param name="gradient">Layout of the gradient of the output.</param>
    /// <param name="channels">Channels of a group that are read.</param>
    /// <param name="density">Kept share of the weights.</param>
    public PixelLists(TapPhase phase, ImageLayout input, ImageLayout gradient, int channels, double density)
    {
        HasListPerTap = PixelClass.HasManyOutside(phase);
        _lists = HasListPerTap ? phase.Taps.Length : 1;
        var pixels = PixelClass.InStrips(phase.Count, StripRows);
        var lines = pixels.Length * gradient.Vectors;
        var (size, channelLines) = BlockOf(phase, pixels, input, lines, density);
        Blocks = (lines + size - 1) / size;
        size = (lines + Blocks - 1) / Blocks;
        var room = (CacheFloats / PanelGeometry.Lanes) - (size * ConvolutionTiles.Rows);
        BlockChannels = Math.Clamp(room / channelLines / 4 * 4, 4, (channels + 3) / 4 * 4);

        _firstPixels = new int[(Blocks * _lists) + 1];
        var all = new List<int>(2 * lines * _lists);
        for (var block = 0; block < Blocks; block++)
        {
            for (var list = 0; list < _lists; list++)
            {
                for (var line = block * size; line < Math.Min(lines, (block + 1) * size); line++)
                {
                    var (vector, pixel) = Math.DivRem(line, pixels.Length);
                    var at = pixels[pixel];
                    if (HasListPerTap && !phase.IsInside(at, phase.Taps[list]))
                        continue;
                    all.Add(input.Offset(vector, 0, at.Rows * phase.InputStride.Rows, at.Columns * phase.InputStride.Columns));
                    all.Add(gradient.Offset(vector, 0, at.Rows, at.Columns));
                }
                _firstPixels[(block * _lists) + list + 1] = all.Count / 2;
            }
        }
        _pixels = new PinnedBuffer<int>(all.Count);
        all.CopyTo(_pixels.Span);
        BlockPixels = size;
    }

    /// <summary>Whether each tap has a list of its own.</summary>
    public bool HasListPerTap { get; }

    /// <summary>Blocks of pixels.</summary>
    public int Blocks { get; }

    /// <summary>Pixels of a block, over all vectors of samples.</summary>
    public int BlockPixels { get; }

    /// <summary>Channels whose lines of a block stay in the first-level cache; a multiple of 4.</summary>
    public int BlockChannels { get; }

    /// <summary>A list of a block: its first pixel, and how many there are.</summary>
    public (nint Pixels, int Count) Of(int block, int list)
    {
        var at = (block * _lists) + list;
        return ((nint)(_pixels.Pointer + (2 * (nint)_firstPixels[at])), _firstPixels[at + 1] - _firstPixels[at]);
    }

    public void Dispose() => _pixels.Dispose();

    /// <summary>Pixels of a block, and lines of a channel that they read: as many as leave room for a few channels.</summary>
    private static (int Pixels, int Lines) BlockOf(TapPhase phase, Extent[] pixels, ImageLayout input, int lines, double density)
    {
        var span = Math.Max(4, (int)(ConvolutionTiles.Pixels / density / phase.Taps.Length));
        var best = (Pixels: FewestPixels, Lines: LinesOf(FewestPixels));
        for (var size = FewestPixels + 8; size <= MostPixels && size < lines + 8; size += 8)
        {
            var read = LinesOf(size);
            if (((span * read) + (size * ConvolutionTiles.Rows)) * PanelGeometry.Lanes <= CacheFloats)
                best = (size, read);
        }
        return best;

        int LinesOf(int size)
        {
            var read = new HashSet<int>();
            for (var line = 0; line < Math.Min(size, lines); line++)
            {
                var (vector, pixel) = Math.DivRem(line, pixels.Length);
                foreach (var tap in phase.Taps)
                {
                    read.Add(TileTable.Position(tap, input) + input.Offset(
                        vector, 0, pixels[pixel].Rows * phase.InputStride.Rows, pixels[pixel].Columns * phase.InputStride.Columns));
                }
            }
            return read.Count;
        }
    }
}
