using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>One phase of a product: tables of its pixels, and its weights.</summary>
internal sealed unsafe class PhaseProduct : IDisposable
{
    /// <summary>Floats of lines that stay in the first-level cache beside weights and sums.</summary>
    private static int CacheFloats => PanelGeometry.Has512 ? 8192 : 5120;

    /// <summary>Columns of a block at least: the sums of a tile are loaded and stored once for each block.</summary>
    private const int FewestColumns = 96;

    /// <summary>Weights of a row in a block at least, where most columns have none.</summary>
    private const int FewestKept = 36;

    private const int FewestPointwise = 64;

    /// <summary>Tiles that share the weights of a call.</summary>
    private const int DenseTiles = 4;

    /// <summary>The same of parts of an image, which are few: weights are read less often.</summary>
    private const int PartTiles = 12;

    /// <summary>The same where a row of a block has few weights, so that a call does little with a tile.</summary>
    private const int SparseTiles = 32;

    /// <summary>Kept share of the weights up to which a call does little with a tile, where all four rows keep the same columns.</summary>
    private const double SparseDensity = 0.5;

    /// <summary>Groups of tiles for each member at least where members share them.</summary>
    private const int FewestGroups = 8;

    private readonly TileTable[] _tables;
    private readonly WeightView _view;
    private readonly bool _cutsTaps;
    private readonly int _taps;
    private readonly int _lines;

    /// <param name="view">The weights.</param>
    /// <param name="phase">Pixels and taps.</param>
    /// <param name="input">Layout of what is read.</param>
    /// <param name="output">Layout of what is written.</param>
    /// <param name="firstPart">Number of the first part.</param>
    public PhaseProduct(WeightView view, TapPhase phase, ImageLayout input, ImageLayout output, int firstPart)
    {
        (_view, _taps) = (view, phase.Taps.Length);
        // Around a part are not zeros but the parts beside it.
        var classes = input.Lanes is null ? PixelClass.Of(phase, input.Vectors) : [PixelClass.All(phase)];
        _cutsTaps = classes.Length > 1 || classes[0].Taps.Length < phase.Taps.Length;
        Weights = new PackedWeights(new ColumnPlaces(view, phase, input), _cutsTaps);
        var groupTiles = GroupTilesOf(Weights.Format, view.Density, input.Lanes is not null);
        _tables = new TileTable[classes.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            _tables[i] = new TileTable(phase, classes[i], !_cutsTaps, input, output, groupTiles, firstPart + Parts);
            Parts += _tables[i].Parts;
        }
        _lines = _tables.Max(table => table.LinesOfGroup(phase, input));
        Update();
    }

    /// <summary>Parts of all classes.</summary>
    public int Parts { get; }

    public PackedWeights Weights { get; }

    /// <summary>Follows the mask of the weights.</summary>
    public void Update() => Weights.Update(BlockChannels(_view, _taps, _lines));

    /// <summary>Computes a member's share.</summary>
    /// <param name="run">The operands; the kernel's share of them is filled in here.</param>
    /// <param name="sums">Receives sums of channels, or null.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Run(ConvolutionRun run, ChannelSums? sums, int member, int members)
    {
        int single;
        foreach (var table in _tables)
        {
            run.Spans = _cutsTaps ? table.Taps : &single;
            run.SpanCount = _cutsTaps ? table.TapCount : 1;
            single = 0;
            // Few groups of tiles: members share the rows instead, so that all have as much to do.
            var sharesRows = table.Groups < FewestGroups * members;
            var (part, end) = sharesRows ? (0, table.Parts) : Share(table.Parts, member, members);
            var (firstTile, endTile) = sharesRows ? Share(Weights.Tiles.Count, member, members) : (0, Weights.Tiles.Count);
            for (; part < end; part++)
            {
                if (sums is not null)
                {
                    run.Sums = sums.Part(table.FirstPart + part);
                    Clear(run.Sums, firstTile, endTile);
                }
                for (var group = table.FirstGroup(part); group < table.FirstGroup(part + 1); group++)
                    RunGroup(run, table, group, firstTile, endTile);
            }
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables)
            table.Dispose();
        Weights.Dispose();
    }

    private static (int First, int End) Share(int count, int member, int members) =>
        ((int)((long)count * member / members), (int)((long)count * (member + 1) / members));

    private void Clear(float* sums, int firstTile, int endTile)
    {
        for (var tile = firstTile; tile < endTile; tile++)
        {
            foreach (var row in Weights.Tiles.Rows(tile))
                ChannelSums.Clear(sums, row);
        }
    }

    private void RunGroup(ConvolutionRun run, TileTable table, int group, int firstTile, int endTile)
    {
        var options = run.Options;
        var first = group * table.GroupTiles;
        run.Tiles = table.Tile(first);
        run.TileCount = Math.Min(table.GroupTiles, table.Tiles - first);
        run.Counted = table.Counted(first);
        run.Index = Weights.Index;
        run.Weights = Weights.Values;
        for (var block = 0; block < Weights.Blocks; block++)
        {
            run.Options = block == 0 ? options : (options & ~ConvolutionOptions.Bias) | ConvolutionOptions.Load;
            if (block < Weights.Blocks - 1)
                run.Options &= ~ConvolutionOptions.Finish;
            for (var tile = firstTile; tile < endTile; tile++)
            {
                run.Rows = Weights.Rows(tile);
                run.Channels = Weights.Tiles.Rows(tile).Length;
                run.Segments = Weights.Segments(block, tile);
                ConvolutionKernel.Multiply(Weights.Format, in run);
            }
        }
    }

    private static int GroupTilesOf(ConvolutionFormat format, double density, bool isPart) => format switch
    {
        ConvolutionFormat.OneChannel => SparseTiles,
        ConvolutionFormat.Columns when density < SparseDensity => SparseTiles,
        _ => isPart ? PartTiles : DenseTiles,
    };

    /// <summary>
    /// Channels of a block: as many as keep the lines of a group of tiles in the first-level cache, in blocks of equal size.
    /// </summary>
    private static int BlockChannels(WeightView view, int taps, int lines)
    {
        taps = Math.Max(1, taps);
        var channels = Math.Max(4, CacheFloats / PanelGeometry.Lanes / lines / 4 * 4);
        var fewest = (int)Math.Max(taps == 1 ? FewestPointwise : FewestColumns, FewestKept / Math.Max(view.Density, 1e-3));
        channels = Math.Max(channels, (((fewest + taps - 1) / taps) + 3) / 4 * 4);
        var blocks = (view.GroupChannels + channels - 1) / channels;
        return (((view.GroupChannels + blocks - 1) / blocks) + 3) / 4 * 4;
    }
}
