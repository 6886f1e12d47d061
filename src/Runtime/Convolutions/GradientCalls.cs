using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>Kernels of a weight gradient.</summary>
internal enum GradientKernel
{
    /// <summary>The same columns for four rows.</summary>
    Columns,

    /// <summary>Pairs of columns, each for two rows.</summary>
    Pairs,

    /// <summary>Columns of one row.</summary>
    Singles,
}

/// <summary>Calls of one kernel with one list of pixels.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="List">The list of pixels.</param>
/// <param name="Rows">Where its four rows stand.</param>
/// <param name="Index">Where its positions begin.</param>
/// <param name="Target">Where its sums begin.</param>
/// <param name="Calls">Calls.</param>
internal readonly record struct GradientRecord(GradientKernel Kernel, int List, int Rows, int Index, int Target, int Calls);

/// <summary>
/// What a weight gradient computes, unit by unit: a unit is a block of channels of a tile of rows, and one member's work.
/// </summary>
internal sealed unsafe class GradientCalls : IDisposable
{
    private readonly PinnedBuffer<int> _index;
    private readonly PinnedBuffer<int> _rows;
    private readonly GradientRecord[] _records;
    private readonly int[] _firstRecords;
    private readonly int[] _source;

    /// <param name="view">The weights.</param>
    /// <param name="phase">The taps.</param>
    /// <param name="input">Layout of the input.</param>
    /// <param name="cutsTaps">Whether each tap has a list of pixels of its own.</param>
    /// <param name="blockChannels">Channels of a block, a multiple of 4.</param>
    public GradientCalls(WeightView view, TapPhase phase, ImageLayout input, bool cutsTaps, int blockChannels)
    {
        var format = view.Choose(phase.Taps);
        var cutter = new GradientCallCutter(view, format, phase, input);
        var tiles = view.TilesOf(format, phase.Taps);
        (Blocks, Tiles) = ((view.GroupChannels + blockChannels - 1) / blockChannels, tiles.Length);
        var calls = tiles.Select(tile => cutter.Cut(tile, cutsTaps).ToLookup(call => call.Channel / blockChannels)).ToArray();
        _firstRecords = new int[(Blocks * Tiles) + 1];
        var (records, index, rows, source) = (new List<GradientRecord>(), new List<int>(), new List<int>(), new List<int>());
        for (var unit = 0; unit < Blocks * Tiles; unit++)
        {
            foreach (var same in calls[unit % Tiles][unit / Tiles].GroupBy(call => call.Kind))
            {
                records.Add(new(same.Key.Kernel, same.Key.List, rows.Count, index.Count, source.Count, same.Count()));
                rows.AddRange(same.First().Rows);
                foreach (var call in same)
                {
                    index.AddRange(call.Index);
                    source.AddRange(call.Source);
                }
            }
            _firstRecords[unit + 1] = records.Count;
        }
        _records = [.. records];
        _source = [.. source];
        _index = ColumnPlaces.Table(index);
        _rows = ColumnPlaces.Table(rows);
    }

    /// <summary>Blocks of channels.</summary>
    public int Blocks { get; }

    /// <summary>Tiles of rows.</summary>
    public int Tiles { get; }

    /// <summary>Sums of all calls.</summary>
    public int Sums => _source.Length;

    public int* Index => _index.Pointer;

    public int* Rows => _rows.Pointer;

    /// <summary>The calls of a unit.</summary>
    public ReadOnlySpan<GradientRecord> Unit(int block, int tile)
    {
        var unit = (block * Tiles) + tile;
        return _records.AsSpan(_firstRecords[unit], _firstRecords[unit + 1] - _firstRecords[unit]);
    }

    /// <summary>Where each sum belongs in the parameter, -1 for padding, and which sums those of units <c>[first, end)</c> are.</summary>
    public (int First, int[] Source, int End) Source(int first, int end) => (FirstSum(first), _source, FirstSum(end));

    public void Dispose()
    {
        _index.Dispose();
        _rows.Dispose();
    }

    private int FirstSum(int unit) => _firstRecords[unit] < _records.Length ? _records[_firstRecords[unit]].Target : Sums;
}
