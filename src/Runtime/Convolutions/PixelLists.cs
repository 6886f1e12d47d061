using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// How the pixels over which a weight gradient sums are cut into blocks whose lines stay in the first-level cache: some of the pixels of a
/// vector of samples, or small images of several vectors. It does not depend on the batch. In small images each tap has lists of its own,
/// of the pixels that lie inside for it.
/// </summary>
internal sealed class PixelLists : IDisposable
{
    /// <summary>Rows of a strip.</summary>
    private const int StripRows = 4;

    private const int FewestPixels = 16;

    private const int MostPixels = 64;

    /// <summary>Channels of a block at least, where each tap has a list of its own: its calls are few then.</summary>
    private const int FewestListed = 12;

    /// <summary>Tables that are kept: one for each way in which vectors lie in memory, such as training and prediction.</summary>
    private const int MostTables = 4;

    private readonly Lock _lock = new();
    private readonly TapPhase _phase;
    private readonly ImageLayout _input;
    private readonly ImageLayout _gradient;
    private readonly Extent[] _pixels;
    private readonly List<PixelTable> _tables = [];
    private volatile PixelTable? _last;

    /// <summary>Floats of the first-level cache for the lines of a block.</summary>
    private static int CacheFloats => PanelGeometry.Has512 ? 11264 : 7168;

    /// <param name="phase">The forward phase.</param>
    /// <param name="input">Layout of the input.</param>
    /// <param name="gradient">Layout of the gradient of the output.</param>
    /// <param name="channels">Channels of a group that are read.</param>
    /// <param name="density">Kept share of the weights.</param>
    public PixelLists(TapPhase phase, ImageLayout input, ImageLayout gradient, int channels, double density)
    {
        (_phase, _input, _gradient) = (phase, input, gradient);
        HasListPerTap = PixelClass.HasManyOutside(phase);
        _pixels = PixelClass.InStrips(phase.Count, StripRows);
        var span = (int)Math.Max(HasListPerTap ? FewestListed : 4, ConvolutionTiles.Pixels / Math.Max(density, 1e-3) / phase.Taps.Length);
        var (count, size) = (_pixels.Length, FewestPixels);
        for (var larger = FewestPixels + 8; larger <= MostPixels && larger < count + 8 && Fits(larger, 1); larger += 8)
            size = larger;
        Blocks = (count + size - 1) / size;
        size = (count + Blocks - 1) / Blocks;
        Vectors = (FewestPixels + size - 1) / size;
        while (Blocks == 1 && (Vectors + 1) * size <= MostPixels && Fits(size, Vectors + 1))
            Vectors++;
        BlockPixels = size;
        var room = (CacheFloats / PanelGeometry.Lanes) - (BlockPixels * Vectors * ConvolutionTiles.Rows);
        BlockChannels = Math.Clamp(room / (LinesOf(size) * Vectors) / 4 * 4, 4, (channels + 3) / 4 * 4);

        bool Fits(int pixels, int vectors) =>
            ((span * LinesOf(pixels)) + (pixels * ConvolutionTiles.Rows)) * vectors * PanelGeometry.Lanes <= CacheFloats;
    }

    /// <summary>Whether each tap has a list of its own.</summary>
    public bool HasListPerTap { get; }

    /// <summary>Blocks of the pixels of an image.</summary>
    public int Blocks { get; }

    /// <summary>Vectors of samples of a block at most.</summary>
    public int Vectors { get; }

    /// <summary>Pixels of an image in a block.</summary>
    public int BlockPixels { get; }

    /// <summary>Channels whose lines of a block stay in the first-level cache; a multiple of 4.</summary>
    public int BlockChannels { get; }

    /// <summary>The lists for vectors that lie in memory at given distances. The first call for a distance makes them.</summary>
    /// <param name="inputStride">From a vector to the next in the input, in floats.</param>
    /// <param name="gradientStride">The same in the gradient of the output.</param>
    public PixelTable Table(nint inputStride, nint gradientStride)
    {
        if (Vectors == 1)
            (inputStride, gradientStride) = (0, 0);
        return _last is { } last && last.IsFor(inputStride, gradientStride) ? last : Find(inputStride, gradientStride);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var table in _tables)
                table.Dispose();
        }
    }

    private PixelTable Find(nint inputStride, nint gradientStride)
    {
        lock (_lock)
        {
            var table = _tables.Find(table => table.IsFor(inputStride, gradientStride));
            if (table is null)
            {
                table = new PixelTable(
                    _phase, _pixels, (Blocks, Vectors, HasListPerTap), (_input, inputStride), (_gradient, gradientStride));
                // Somebody may still read the one that goes, so the collector frees it.
                if (_tables.Count == MostTables)
                    _tables.RemoveAt(0);
                _tables.Add(table);
            }
            _last = table;
            return table;
        }
    }

    /// <summary>Different lines of a channel that the first pixels read.</summary>
    private int LinesOf(int size)
    {
        var read = new HashSet<int>();
        foreach (var pixel in _pixels.AsSpan(0, Math.Min(size, _pixels.Length)))
        {
            var at = _input.Offset(0, 0, pixel.Rows * _phase.InputStride.Rows, pixel.Columns * _phase.InputStride.Columns);
            foreach (var tap in _phase.Taps)
            {
                if (!HasListPerTap || _phase.IsInside(pixel, tap))
                    read.Add(at + TileTable.Position(tap, _input));
            }
        }
        return Math.Max(1, read.Count);
    }
}
