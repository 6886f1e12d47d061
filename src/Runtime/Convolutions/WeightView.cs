using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>Four channels that a tile computes; fewer at the end of a group.</summary>
/// <param name="Group">Group of the convolution.</param>
/// <param name="Rows">The channels that exist.</param>
internal readonly record struct RowTile(int Group, int[] Rows);

/// <summary>
/// Which weights of a convolution exist, and where they lie, as one of its products sees them: rows are channels of what is computed,
/// columns are taps and channels of what is read.
/// </summary>
internal sealed class WeightView
{
    private const double PairedDensity = 1.0 / 3;

    private readonly ConvolutionShape _shape;
    private readonly int[]? _positions;
    private readonly bool _isTransposed;
    private readonly bool[]? _kept;

    /// <param name="shape">The convolution.</param>
    /// <param name="mask">The mask <c>[outputs, taps·inputs/groups]</c>, or null where all weights exist.</param>
    /// <param name="positions">
    /// Where each weight of <c>[outputs, taps·inputs/groups]</c> lies in the parameter, or null where it is in that order.
    /// </param>
    /// <param name="isTransposed">Whether rows are input channels, for the gradient of the input.</param>
    public WeightView(ConvolutionShape shape, Mask? mask, int[]? positions, bool isTransposed)
    {
        if (mask is not null && (mask.Rows != shape.Outputs || mask.Columns != shape.Columns))
            throw new ArgumentException($"A mask is [{mask.Rows}, {mask.Columns}], not [{shape.Outputs}, {shape.Columns}].", nameof(mask));
        (_shape, _positions, _isTransposed) = (shape, positions, isTransposed);
        Count = checked(shape.Outputs * shape.Columns);
        if (positions is not null && positions.Length != Count)
            throw new ArgumentException($"There are {positions.Length} positions of {Count} weights.", nameof(positions));
        Density = mask?.Density ?? 1;
        _kept = mask is null ? null : Copy(mask);
    }

    /// <summary>Weights of the convolution.</summary>
    public int Count { get; }

    /// <summary>Channels that are computed.</summary>
    public int Rows => _isTransposed ? _shape.Inputs : _shape.Outputs;

    /// <summary>Channels of a group that are read.</summary>
    public int GroupChannels => _isTransposed ? _shape.GroupOutputs : _shape.GroupInputs;

    /// <summary>Kept share of the weights.</summary>
    public double Density { get; }

    /// <summary>Whether all weights exist.</summary>
    public bool IsDense => _kept is null;

    /// <summary>Whether a weight exists.</summary>
    /// <param name="row">The channel that is computed.</param>
    /// <param name="channel">The channel that is read, in its group.</param>
    /// <param name="tap">The tap.</param>
    public bool Keeps(int row, int channel, int tap) => _kept is null || _kept[Index(row, channel, tap)];

    /// <summary>Where a weight lies in the parameter.</summary>
    public int Position(int row, int channel, int tap)
    {
        var place = Place(row, channel, tap);
        var position = (place.Row * _shape.Columns) + place.Column;
        return _positions is null ? position : _positions[position];
    }

    /// <summary>
    /// The rows in fours. Where a mask says so, rows that keep the same columns come together, as in blocks of rows that are not
    /// neighbours; else those that keep about equally many.
    /// </summary>
    /// <param name="format">How the weights will be packed.</param>
    /// <param name="taps">The taps that count.</param>
    public RowTile[] TilesOf(ConvolutionFormat format, IReadOnlyList<Tap> taps)
    {
        var tiles = new List<RowTile>();
        var size = Rows / _shape.Groups;
        for (var group = 0; group < _shape.Groups; group++)
        {
            var rows = Enumerable.Range(group * size, size);
            if (_kept is not null && format == ConvolutionFormat.Columns)
                rows = rows.GroupBy(row => Columns(row, taps)).SelectMany(same => same);
            else if (_kept is not null && format is ConvolutionFormat.Singles or ConvolutionFormat.PairsAndSingles && !IsEven(rows, taps))
                rows = rows.OrderByDescending(row => Kept(row, taps)).ThenBy(row => row);
            tiles.AddRange(rows.Chunk(ConvolutionTiles.Rows).Select(four => new RowTile(group, four)));
        }
        return [.. tiles];
    }

    /// <summary>The format with the fewest loads that the mask allows.</summary>
    /// <param name="taps">The taps that count.</param>
    public ConvolutionFormat Choose(IReadOnlyList<Tap> taps)
    {
        if (Rows == _shape.Groups)
            return ConvolutionFormat.OneChannel;
        if (_kept is null)
            return ConvolutionFormat.Columns;
        var (kept, shared) = (0L, 0L);
        foreach (var tile in TilesOf(ConvolutionFormat.Columns, taps))
        {
            foreach (var tap in taps)
            {
                for (var channel = 0; channel < GroupChannels; channel++)
                {
                    var count = 0;
                    foreach (var row in tile.Rows)
                        count += Keeps(row, channel, tap.Number) ? 1 : 0;
                    kept += count;
                    shared += count > 0 ? tile.Rows.Length : 0;
                }
            }
        }
        if (kept >= 0.95 * shared)
            return ConvolutionFormat.Columns;
        if (Density < PairedDensity)
            return ConvolutionFormat.Singles;
        return ColumnLists.AreAllPaired(this, TilesOf(ConvolutionFormat.Pairs, taps), taps)
            ? ConvolutionFormat.Pairs
            : ConvolutionFormat.PairsAndSingles;
    }

    private (int Row, int Column) Place(int row, int channel, int tap) => _isTransposed
        ? ((row / _shape.GroupInputs * _shape.GroupOutputs) + channel, (tap * _shape.GroupInputs) + (row % _shape.GroupInputs))
        : (row, (tap * _shape.GroupInputs) + channel);

    private int Index(int row, int channel, int tap) => (((row * _shape.Taps) + tap) * GroupChannels) + channel;

    /// <summary>The bits of a mask, row by row of this view.</summary>
    private bool[] Copy(Mask mask)
    {
        var kept = new bool[Count];
        for (var row = 0; row < Rows; row++)
        {
            for (var tap = 0; tap < _shape.Taps; tap++)
            {
                for (var channel = 0; channel < GroupChannels; channel++)
                {
                    var place = Place(row, channel, tap);
                    kept[Index(row, channel, tap)] = mask[place.Row, place.Column];
                }
            }
        }
        return kept;
    }

    private bool IsEven(IEnumerable<int> rows, IReadOnlyList<Tap> taps) => rows.Select(row => Kept(row, taps)).Distinct().Count() == 1;

    private int Kept(int row, IReadOnlyList<Tap> taps)
    {
        var kept = 0;
        foreach (var tap in taps)
            kept += _kept.AsSpan(Index(row, 0, tap.Number), GroupChannels).Count(true);
        return kept;
    }

    /// <summary>The columns that a row keeps, as a key.</summary>
    private string Columns(int row, IReadOnlyList<Tap> taps) => string.Create(
        taps.Count * GroupChannels, (View: this, row, taps), static (text, state) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var (tap, channel) = Math.DivRem(i, state.View.GroupChannels);
                text[i] = state.View.Keeps(state.row, channel, state.taps[tap].Number) ? '1' : '0';
            }
        });
}
