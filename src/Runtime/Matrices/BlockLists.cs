using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Matrices;

/// <summary>
/// Which blocks of weights exist, as kernels read it. Rows are cut into tiles that share a list of columns. Lists are nested where the mask
/// is a product of graphs: outer tiles have lists of parts of the columns, and the tiles within have lists of blocks within a part. Other
/// masks have one outer tile and one part, and their lists can be cut into segments of columns.
/// </summary>
internal sealed unsafe class BlockLists : IDisposable
{
    private readonly PinnedBuffer<ushort> _outer;
    private readonly PinnedBuffer<ushort> _inner;
    private readonly PinnedBuffer<int> _starts;
    private readonly int[] _rowOffsets;
    private readonly (ushort Tile, ushort Entry)[][] _tilesOfPart;

    /// <param name="rows">Rows of a tile whose weights of a column lie together.</param>
    /// <param name="columns">Columns of a block.</param>
    /// <param name="tileStride">Features from a tile to the next within an outer tile.</param>
    /// <param name="rowOffsets">Features from the first row of a tile to each of its rows.</param>
    /// <param name="inputs">Input features.</param>
    /// <param name="parts">Parts of the columns.</param>
    /// <param name="outer">Parts that each outer tile keeps something of, as many for each.</param>
    /// <param name="inner">Blocks within a part that each tile keeps, in the order of their weights.</param>
    private BlockLists(int rows, int columns, int tileStride, int[] rowOffsets, int inputs, int parts, ushort[][] outer, ushort[][] inner)
    {
        (Rows, Columns, TileStride, _rowOffsets) = (rows, columns, tileStride, rowOffsets);
        (OuterTiles, OuterDegree, InnerTiles) = (outer.Length, outer[0].Length, inner.Length);
        (Parts, PartFeatures) = (parts, inputs / parts);
        InnerEntries = inner.Sum(list => list.Length);
        // Where there is one part, the positions of entries say where their weights are, and so a list can be cut anywhere.
        Segments = parts == 1 && inner.All(IsAscending) ? (inputs + SegmentFeatures - 1) / SegmentFeatures : 1;
        _outer = Copy(outer);
        _inner = Copy(inner);
        _starts = new PinnedBuffer<int>((inner.Length * Segments) + 1);
        FillStarts(inner);
        _tilesOfPart = [.. from part in Enumerable.Range(0, parts) select TilesOf(part, outer).ToArray()];
    }

    /// <summary>Rows whose weights of a column lie together.</summary>
    public int Rows { get; }

    /// <summary>Columns of a block.</summary>
    public int Columns { get; }

    /// <summary>Rows that a kernel takes at a time.</summary>
    public int KernelRows => Divisor(Rows);

    /// <summary>Features from a tile to the next within an outer tile.</summary>
    public int TileStride { get; }

    public int OuterTiles { get; }

    /// <summary>Parts in the list of an outer tile.</summary>
    public int OuterDegree { get; }

    /// <summary>Tiles of an outer tile.</summary>
    public int InnerTiles { get; }

    public int Tiles => OuterTiles * InnerTiles;

    /// <summary>Parts of the columns.</summary>
    public int Parts { get; }

    /// <summary>Input features of a part.</summary>
    public int PartFeatures { get; }

    /// <summary>Pieces of the only part into which lists can be cut; 1 where there are more parts.</summary>
    public int Segments { get; }

    /// <summary>Entries of all inner lists.</summary>
    public int InnerEntries { get; }

    /// <summary>Weights that exist.</summary>
    public long Count => (long)OuterTiles * OuterDegree * InnerEntries * Rows * Columns;

    /// <summary>Weights of an entry of the inner lists, with those of all parts.</summary>
    public nint EntryStride => (nint)OuterDegree * Rows * Columns;

    /// <summary>Bytes of all lists.</summary>
    public long IndexBytes =>
        (sizeof(ushort) * (_outer.Length + _inner.Length)) + (sizeof(int) * _starts.Length)
            + (2L * sizeof(ushort) * OuterTiles * OuterDegree);

    /// <summary>Input features of a segment.</summary>
    public static int SegmentFeatures => PanelGeometry.DepthBlock;

    /// <summary>The lists of a product of graphs.</summary>
    /// <param name="pattern">The graphs.</param>
    /// <param name="columns">Columns of a block of the kernel: divides those of the pattern's dense blocks.</param>
    public static BlockLists Of(RamanujanPattern pattern, int columns)
    {
        var (inner, repeats, pieces) = (pattern.Inner, pattern.ColumnRepeats, pattern.BlockColumns / columns);
        var lists = new ushort[inner.Rows][];
        for (var row = 0; row < inner.Rows; row++)
        {
            lists[row] =
            [
                .. from edge in Enumerable.Range(0, inner.Degree)
                   from repeat in Enumerable.Range(0, repeats)
                   from piece in Enumerable.Range(0, pieces)
                   select (ushort)((((repeat * inner.Columns) + inner.Neighbour(row, edge)) * pieces) + piece),
            ];
        }
        var outer = pattern.Outer;
        var parts = new ushort[outer.Rows][];
        for (var row = 0; row < outer.Rows; row++)
            parts[row] = [.. from edge in Enumerable.Range(0, outer.Degree) select (ushort)outer.Neighbour(row, edge)];
        var offsets = new int[pattern.TileRows];
        for (var row = 0; row < offsets.Length; row++)
            offsets[row] = (row / pattern.BlockRows * inner.Rows * pattern.BlockRows) + (row % pattern.BlockRows);
        if (inner.Rows > 1 || outer.Columns == 1)
            return new BlockLists(pattern.TileRows, columns, pattern.BlockRows, offsets, pattern.Inputs, outer.Columns, parts, lists);

        // Without a pattern inside tiles the outer lists are all there is, in the same order.
        var size = lists[0].Length;
        var flat =
            parts.Select(list => list.SelectMany(part => lists[0].Select(block => (ushort)((part * size) + block))).ToArray()).ToArray();
        return new BlockLists(pattern.TileRows, columns, pattern.TileRows, offsets, pattern.Inputs, 1, [[0]], flat);
    }

    /// <summary>The lists of a mask over blocks of adjacent rows.</summary>
    /// <param name="blocks">Which blocks exist.</param>
    /// <param name="rows">Rows of a block: 4, 2 or 1.</param>
    /// <param name="columns">Columns of a block: 4, 2 or 1.</param>
    public static BlockLists Of(Mask blocks, int rows, int columns)
    {
        var lists = new ushort[blocks.Rows][];
        for (var row = 0; row < blocks.Rows; row++)
            lists[row] = [.. from column in Enumerable.Range(0, blocks.Columns) where blocks[row, column] select (ushort)column];
        return new BlockLists(rows, columns, rows, [.. Enumerable.Range(0, rows)], blocks.Columns * columns, 1, [[0]], lists);
    }

    /// <summary>The largest of 4, 2 and 1 that divides a number: what kernels do at a time.</summary>
    public static int Divisor(int number) => DataLayout.TileSize(number);

    /// <summary>Features from the first row of a tile to another of its rows.</summary>
    public int RowOffset(int row) => _rowOffsets[row];

    /// <summary>First feature of a tile.</summary>
    public int FirstRow(int tile) => (tile / InnerTiles * InnerTiles * Rows) + (tile % InnerTiles * TileStride);

    /// <summary>An entry of the inner lists.</summary>
    public int Block(int entry) => _inner.Pointer[entry];

    /// <summary>The list of an outer tile, from an entry on.</summary>
    public ref ushort Outer(int outerTile, int entry) => ref _outer.Pointer[(outerTile * OuterDegree) + entry];

    public ref ushort Inner => ref *_inner.Pointer;

    /// <summary>Where the list of an inner tile begins, from a segment on.</summary>
    public ref int Start(int innerTile, int segment) => ref _starts.Pointer[(innerTile * Segments) + segment];

    /// <summary>Where the weights of an outer tile begin, from an entry of its list on.</summary>
    public nint FirstValue(int outerTile, int entry) =>
        (((nint)outerTile * OuterDegree * InnerEntries) + (entry * (InnerEntries / InnerTiles))) * Rows * Columns;

    /// <summary>The outer tiles that keep something of a part, and the part's place in their lists.</summary>
    public ReadOnlySpan<(ushort Tile, ushort Entry)> TilesOf(int part) => _tilesOfPart[part];

    /// <summary>Takes the weights that exist from <c>[out, in]</c>.</summary>
    public void Pack(ReadOnlySpan<float> dense, Span<float> packed)
    {
        fixed (float* from = dense)
        fixed (float* to = packed)
            Transfer(from, to, pack: true);
    }

    /// <summary>Puts the weights that exist where they are in <c>[out, in]</c>.</summary>
    public void Unpack(ReadOnlySpan<float> packed, Span<float> dense)
    {
        fixed (float* from = packed)
        fixed (float* to = dense)
            Transfer(to, from, pack: false);
    }

    /// <summary>Marks the weights that exist.</summary>
    public void Mark(Mask mask)
    {
        for (var tile = 0; tile < Tiles; tile++)
        {
            for (var entry = 0; entry < OuterDegree; entry++)
            {
                foreach (var block in BlocksOf(tile, entry, out var part))
                {
                    var column = part + (block * Columns);
                    foreach (var offset in _rowOffsets)
                    {
                        for (var c = column; c < column + Columns; c++)
                            mask[FirstRow(tile) + offset, c] = true;
                    }
                }
            }
        }
    }

    /// <summary>Writes where the weights that exist lie among the packed ones, and leaves alone what else there is.</summary>
    /// <param name="places">Receives a number for each weight of <c>[out, in]</c>.</param>
    public void FindPlaces(Span<int> places)
    {
        var (inputs, next) = (Parts * PartFeatures, 0);
        for (var tile = 0; tile < Tiles; tile++)
        {
            for (var entry = 0; entry < OuterDegree; entry++)
            {
                foreach (var block in BlocksOf(tile, entry, out var part))
                {
                    var first = (FirstRow(tile) * inputs) + part + (block * Columns);
                    for (var column = first; column < first + Columns; column++)
                    {
                        foreach (var offset in _rowOffsets)
                            places[(offset * inputs) + column] = next++;
                    }
                }
            }
        }
    }

    public void Dispose()
    {
        _outer.Dispose();
        _inner.Dispose();
        _starts.Dispose();
    }

    /// <summary>First columns of the blocks of a tile, in the order of their weights.</summary>
    public IEnumerable<int> ColumnsOf(int tile)
    {
        for (var entry = 0; entry < OuterDegree; entry++)
        {
            var (outerTile, innerTile) = Math.DivRem(tile, InnerTiles);
            var part = Outer(outerTile, entry) * PartFeatures;
            for (var i = Start(innerTile, 0); i < Start(innerTile, Segments); i++)
                yield return part + (Block(i) * Columns);
        }
    }

    /// <summary>The blocks of a tile in one of its parts, in the order of their weights; they count from the part's first column.</summary>
    private ReadOnlySpan<ushort> BlocksOf(int tile, int entry, out int part)
    {
        var (outerTile, innerTile) = Math.DivRem(tile, InnerTiles);
        var (first, end) = (Start(innerTile, 0), Start(innerTile, Segments));
        part = Outer(outerTile, entry) * PartFeatures;
        return new(_inner.Pointer + first, end - first);
    }

    private void Transfer(float* dense, float* packed, bool pack)
    {
        nint inputs = Parts * PartFeatures;
        for (var tile = 0; tile < Tiles; tile++)
        {
            for (var entry = 0; entry < OuterDegree; entry++)
            {
                foreach (var block in BlocksOf(tile, entry, out var part))
                {
                    var column = part + (block * Columns);
                    for (var c = column; c < column + Columns; c++)
                    {
                        foreach (var offset in _rowOffsets)
                        {
                            var weight = dense + ((FirstRow(tile) + offset) * inputs) + c;
                            if (pack)
                                *packed++ = *weight;
                            else
                                *weight = *packed++;
                        }
                    }
                }
            }
        }
    }

    private static bool IsAscending(ushort[] list) => list.Zip(list.Skip(1), (earlier, later) => earlier < later).All(grows => grows);

    private static PinnedBuffer<ushort> Copy(ushort[][] lists)
    {
        ushort[] all = [.. lists.SelectMany(list => list)];
        var buffer = new PinnedBuffer<ushort>(all.Length);
        all.CopyTo(buffer.Span);
        return buffer;
    }

    private static IEnumerable<(ushort Tile, ushort Entry)> TilesOf(int part, ushort[][] outer) =>
        from tile in Enumerable.Range(0, outer.Length)
        let entry = Array.IndexOf(outer[tile], (ushort)part)
        where entry >= 0
        select ((ushort)tile, (ushort)entry);

    private void FillStarts(ushort[][] inner)
    {
        var (next, before) = (0, 0);
        foreach (var list in inner)
        {
            for (var segment = 0; segment < Segments; segment++)
            {
                var from = segment * SegmentFeatures;
                _starts.Span[next++] = before + (segment == 0 ? 0 : list.Count(block => block * Columns < from));
            }
            before += list.Length;
        }
        _starts.Span[next] = before;
    }
}
