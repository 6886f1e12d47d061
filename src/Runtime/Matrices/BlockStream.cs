using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// A stream of blocks of four outputs by four inputs (<see cref="BlockStreamRun"/>). Its lists are made anew with it: blocks may have been
/// dropped.
/// </summary>
/// <param name="halves">Whether to store weights as bfloat16.</param>
internal sealed unsafe class BlockStream(bool halves) : WeightStream
{
    private const int Side = BlockStreamKernel.Side;
    private const int BlockWeights = BlockStreamKernel.BlockWeights;
    private const int TileWords = 1 + Side;

    private readonly PinnedBuffer<uint> _words = new(0);
    private readonly PinnedBuffer<ushort> _columns = new(0);
    private readonly PinnedBuffer<uint> _tiles = new(0);
    private int[] _starts = [];

    /// <summary>Whether weights are stored as bfloat16, two in a word.</summary>
    public bool Halves => halves;

    /// <summary>Tiles of four outputs.</summary>
    public int Tiles => _starts.Length;

    public override long Bytes => ((_words.Length + _tiles.Length) * sizeof(uint)) + (_columns.Length * sizeof(ushort));

    /// <summary>What is known of a tile.</summary>
    public ref uint Tile(int tile) => ref _tiles.Pointer[tile * TileWords];

    /// <summary>The list of a tile.</summary>
    public ref ushort Columns(int tile) => ref _columns.Pointer[_starts[tile]];

    /// <summary>The weights of a tile.</summary>
    public ref uint Words(int tile) => ref _words.Pointer[WordsOf(_starts[tile])];

    public override void Fill(Matrix matrix, ReadOnlySpan<float> weight)
    {
        var (lists, used) = (((BlockMatrix)matrix).Lists, matrix.EffectiveMask!);
        var (columns, tiles, starts, counts) = (new List<ushort>(), new List<uint>(), new List<int>(), new List<int>());
        for (var tile = 0; tile < lists.Tiles; tile++)
        {
            // Without blocks that are scaled to 0: once they are dropped for good, sums must be what they were.
            ushort[] list =
                [.. lists.ColumnsOf(tile).Where(column => used[lists.FirstRow(tile), column]).Select(column => (ushort)(column / Side))];
            // Weights of 0 meet inputs that the tile has other weights for: what is no number there makes no number of its outputs anyway.
            ushort[] padding = [.. Enumerable.Repeat(list.LastOrDefault(), -list.Length & (BlockStreamKernel.TurnBlocks - 1))];
            for (var row = 0; row < lists.Rows; row += Side)
            {
                starts.Add(columns.Count);
                counts.Add(list.Length);
                columns.AddRange([.. list, .. padding]);
                tiles.Add((uint)(list.Length + padding.Length));
                tiles.AddRange(Enumerable.Range(row, Side).Select(r => (uint)(lists.FirstRow(tile) + lists.RowOffset(r))));
            }
        }
        _starts = [.. starts];
        Copy(columns, _columns);
        Copy(tiles, _tiles);
        _words.Resize(WordsOf(columns.Count));
        _words.Span.Clear();
        for (var tile = 0; tile < Tiles; tile++)
            FillTile(weight, matrix.Columns, tile, counts[tile]);
    }

    public override void Dispose()
    {
        _words.Dispose();
        _columns.Dispose();
        _tiles.Dispose();
    }

    private static void Copy<T>(List<T> from, PinnedBuffer<T> to)
        where T : unmanaged
    {
        to.Resize(from.Count);
        from.CopyTo(to.Span);
    }

    /// <summary>Words of so many blocks.</summary>
    private nint WordsOf(int blocks) => (nint)blocks * BlockWeights / (halves ? 2 : 1);

    private void FillTile(ReadOnlySpan<float> weight, int inputs, int tile, int blocks)
    {
        fixed (uint* words = &Words(tile))
        fixed (uint* rows = &Tile(tile))
        {
            for (var n = 0; n < blocks * BlockWeights; n++)
            {
                var (block, place) = Math.DivRem(n, BlockWeights);
                var input = (Side * _columns.Pointer[_starts[tile] + block]) + (place / Side);
                var value = weight[((int)rows[1 + (place % Side)] * inputs) + input];
                words[(halves ? block / 2 * BlockWeights : block * BlockWeights) + place] |= WordOf(value, halves, block);
            }
        }
    }
}
