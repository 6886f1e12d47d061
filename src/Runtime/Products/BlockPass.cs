using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SparseSharp.Matrices;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>
/// The products of a layer whose weights are blocks, over one panel or a whole batch. All read the same weights in the same order.
/// </summary>
/// <typeparam name="TKernel">The size of blocks.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class BlockPass<TKernel>
    where TKernel : struct, IBlockKernel
{
    /// <summary>Bytes of a panel that stay in the first-level cache while all tiles are done with them.</summary>
    private const int ChunkBytes = 32 << 10;

    /// <summary>Columns for which it pays to load and store the sums of a tile.</summary>
    private const int ChunkColumns = 32;

    /// <summary>Samples whose products a weight gradient sums up before it is written.</summary>
    private const int SamplesPerRun = 128;

    /// <summary>The kernels as an object, for the constructor of a layer.</summary>
    public static KernelSet Operations { get; } = new BlockOperations();

    /// <summary><c>y = activation(W·x + b)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float y, ActivationKind activation) =>
        Forward(product, in pass, ref x, ref y, ref y, activation);

    /// <summary><c>z = W·x + b</c> and <c>y = activation(z)</c>, for activations whose derivative needs z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(
        MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
        product.Forward(in pass, ref x, ref z, ref y, activation);

    private static void ForwardPanel(
        MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    {
        var lists = ListsOf(product);
        var start = product.HasBias ? TileOptions.Bias : TileOptions.None;
        var finish = activation == ActivationKind.Relu ? TileOptions.Relu : TileOptions.None;
        var epilogue = new Epilogue(activation, Derivative: false);
        var (first, end) = pass.Share(lists.Tiles, 1);
        nint width = pass.Width;
        var pieces = Pieces(lists);
        var chunk = Chunk(lists, (int)width);
        for (var tile = first; tile < end;)
        {
            var tiles = Math.Min(end - tile, lists.InnerTiles - (tile % lists.InnerTiles));
            for (var piece = 0; piece < pieces; piece += chunk)
            {
                var last = piece + chunk >= pieces;
                var options = (piece == 0 ? start : TileOptions.Load) | (last ? finish : TileOptions.None);
                for (var row = 0; row < lists.Rows; row += lists.KernelRows)
                {
                    var position = (lists.FirstRow(tile) + lists.RowOffset(row)) * width;
                    scoped var run = Run(lists, tile, tiles, row, piece, Math.Min(chunk, pieces - piece));
                    run.Values = ref Unsafe.Add(ref *((BlockMatrix)product.Matrix).Values, FirstValue(lists, tile, row, piece));
                    run.X = ref x;
                    run.Y = ref Unsafe.Add(ref z, position);
                    run.Gate = ref run.Y;
                    run.Bias = ref Unsafe.Add(ref product.Bias.Reference, lists.FirstRow(tile) + lists.RowOffset(row));
                    run.Options = options;
                    BlockKernel.Multiply<TKernel>(pass.Vectors, in run);
                }
                if (last && epilogue.NeedsTile)
                    Activate(lists, tile, tiles, epilogue, (int)width, ref z, ref y);
            }
            tile += tiles;
        }
    }

    /// <summary><c>dx = Wᵀ·dy</c>, added to dx if <paramref name="accumulate"/>.</summary>
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, bool accumulate) =>
        GradInput(product, in pass, ref dy, ref dx, ActivationKind.None, ref dx, accumulate);

    /// <summary>
    /// <c>dx = (accumulate ? dx + Wᵀ·dy : Wᵀ·dy) · activation'(saved)</c>. Each worker computes the columns of its own parts.
    /// </summary>
    public static void GradInput(
        MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    {
        pass.Check(ref dy, product.Rows);
        pass.Check(ref dx, product.Columns);
        pass.Check(ref saved, product.Columns);
        var lists = ListsOf(product);
        nint width = pass.Width;
        var flat = lists.Parts == 1;
        var chunk = flat ? Chunk(lists, (int)width) : 1;
        var (first, end) = pass.Share(flat ? lists.Segments : lists.Parts, 1);
        var features = flat && lists.Segments > 1 ? BlockLists.SegmentFeatures : lists.PartFeatures;
        for (var part = first; part < end; part += chunk)
        {
            var parts = Math.Min(chunk, end - part);
            var position = part * features * width;
            var count = (int)((Math.Min(lists.Parts * lists.PartFeatures, (part + parts) * features) * width) - position);
            ref var target = ref Unsafe.Add(ref dx, position);
            if (!accumulate)
                MemoryMarshal.CreateSpan(ref target, count).Clear();
            foreach (var (outerTile, entry) in lists.TilesOf(flat ? 0 : part))
            {
                var tile = outerTile * lists.InnerTiles;
                for (var row = 0; row < lists.Rows; row += lists.KernelRows)
                {
                    var piece = flat ? part : entry;
                    scoped var run = Run(lists, tile, lists.InnerTiles, row, piece, parts);
                    run.Values = ref Unsafe.Add(ref *((BlockMatrix)product.Matrix).Values, FirstValue(lists, tile, row, piece));
                    // The lists of the only part begin at its first column, whatever segment is taken from them.
                    run.X = ref flat ? ref dx : ref target;
                    run.Y = ref Unsafe.Add(ref dy, (lists.FirstRow(tile) + lists.RowOffset(row)) * width);
                    BlockKernel.Scatter<TKernel>(pass.Vectors, in run);
                }
            }
            if (derivative == ActivationKind.Relu)
                Gate(ref target, ref Unsafe.Add(ref saved, position), count);
            else if (derivative != ActivationKind.None)
                new Epilogue(derivative, Derivative: true).Apply(ref target, ref target, ref Unsafe.Add(ref saved, position), count);
        }
    }

    /// <summary>
    /// The gradient of the weights that exist, in their order, and the bias gradient. Each worker computes its own tiles.
    /// </summary>
    /// <param name="product">The matrix, its bias and its kernels.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the layer's input.</param>
    /// <param name="dy">Slot of the gradient of its output.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy, bool accumulate)
    {
        if (batch.Tap is { } tap)
        {
            tap.Take(product.Matrix, in batch, x);
            return;
        }
        if (product.IsFrozen)
            return;
        batch.Check(x, product.Columns);
        batch.Check(dy, product.Rows);
        BiasGradient.Compute(product, in batch, dy, accumulate);
        var lists = ListsOf(product);
        var (first, end) = batch.Share(lists.Tiles, 1);
        var layout = batch.Layout;
        for (var panel = 0; panel < layout.Panels;)
        {
            var panels = layout.Together(panel, SamplesPerRun);
            var options = panel > 0 || accumulate || batch.Accumulate ? TileOptions.Load : TileOptions.None;
            for (var tile = first; tile < end;)
            {
                var tiles = Math.Min(end - tile, lists.InnerTiles - (tile % lists.InnerTiles));
                Gradient(product, in batch, tile, tiles, panel, panels, x, dy, options);
                tile += tiles;
            }
            panel += panels;
        }
    }

    private static void Gradient(
        MatrixProduct product, in BatchPass batch, int tile, int tiles, int panel, int panels, int x, int dy, TileOptions options)
    {
        var lists = ListsOf(product);
        nint width = batch.Layout.Width(panel);
        var pieces = Pieces(lists);
        var chunk = Chunk(lists, (int)width * panels);
        for (var piece = 0; piece < pieces; piece += chunk)
        {
            for (var row = 0; row < lists.Rows; row += lists.KernelRows)
            {
                scoped var run = Run(lists, tile, tiles, row, piece, Math.Min(chunk, pieces - piece));
                run.Values = ref Unsafe.Add(ref *product.Matrix.Parameter.GradientPointer, FirstValue(lists, tile, row, piece));
                run.X = ref *batch.Slot(x, panel);
                run.Y = ref Unsafe.Add(ref *batch.Slot(dy, panel), (lists.FirstRow(tile) + lists.RowOffset(row)) * width);
                run.Panels = panels;
                run.PanelStride = batch.Rows * width;
                run.Options = options;
                BlockKernel.Gradient<TKernel>(batch.Layout.Vectors(panel), in run);
            }
        }
    }

    /// <summary>The lists of a matrix, whose blocks must be those of the kernels.</summary>
    private static BlockLists ListsOf(MatrixProduct product)
    {
        var lists = ((BlockMatrix)product.Matrix).Lists;
        return (lists.Rows, lists.Columns, lists.KernelRows) == (TKernel.Rows, TKernel.Columns, TKernel.TileRows)
            && TKernel.Columns == DataLayout.TileSize(TKernel.Columns)
            ? lists
            : throw new ArgumentException(
                $"The weights are packed in blocks of {lists.Rows} by {lists.Columns}, not of {TKernel.Rows} by {TKernel.Columns}.");
    }

    /// <summary>A run over some pieces of the lists: parts of an outer list, or segments of the inner lists.</summary>
    private static BlockRun Run(BlockLists lists, int tile, int tiles, int row, int piece, int count)
    {
        var (outerTile, innerTile) = Math.DivRem(tile, lists.InnerTiles);
        var flat = lists.Parts == 1;
        var run = new BlockRun
        {
            TileStride = lists.TileStride,
            Tiles = tiles,
            EntryStride = lists.EntryStride,
            Outer = ref lists.Outer(outerTile, flat ? 0 : piece),
            OuterCount = flat ? 1 : count,
            OuterStride = lists.PartFeatures,
            Inner = ref lists.Inner,
            Starts = ref lists.Start(innerTile, flat ? piece : 0),
            ListStride = flat ? count : 1,
            StartStride = lists.Segments,
        };
        if (lists.KernelRows > 1)
            run.Row1 = lists.RowOffset(row + 1) - lists.RowOffset(row);
        if (lists.KernelRows > 2)
        {
            run.Row2 = lists.RowOffset(row + 2) - lists.RowOffset(row);
            run.Row3 = lists.RowOffset(row + 3) - lists.RowOffset(row);
        }
        return run;
    }

    private static nint FirstValue(BlockLists lists, int tile, int row, int piece) =>
        lists.FirstValue(tile / lists.InnerTiles, lists.Parts == 1 ? 0 : piece) + row;

    /// <summary>Pieces into which the lists of a tile can be cut.</summary>
    private static int Pieces(BlockLists lists) => lists.Parts == 1 ? lists.Segments : lists.OuterDegree;

    /// <summary>
    /// Pieces that are done for all tiles before the next: what fits the cache, but not so few that a tile has hardly any columns.
    /// </summary>
    private static int Chunk(BlockLists lists, int width)
    {
        var features = lists.Parts == 1 ? BlockLists.SegmentFeatures : lists.PartFeatures;
        var columns = Math.Max(1, (int)((long)lists.InnerEntries * lists.Columns / (lists.InnerTiles * (long)lists.Segments)));
        return Math.Max(ChunkBytes / (features * width * sizeof(float)), (ChunkColumns + columns - 1) / columns);
    }

    private static void Activate(BlockLists lists, int tile, int tiles, Epilogue epilogue, int width, ref float z, ref float y)
    {
        for (var t = tile; t < tile + tiles; t++)
        {
            for (var row = 0; row < lists.Rows; row++)
            {
                var position = (nint)(lists.FirstRow(t) + lists.RowOffset(row)) * width;
                ref var from = ref Unsafe.Add(ref z, position);
                epilogue.Apply(ref from, ref Unsafe.Add(ref y, position), ref from, width);
            }
        }
    }

    /// <summary>The derivative of ReLU: leaves what was positive.</summary>
    private static void Gate(ref float target, ref float saved, int count)
    {
        for (var i = 0; i < count; i += Vector<float>.Count)
        {
            ref var values = ref Unsafe.Add(ref target, i);
            var positive = Vector.GreaterThan(Vector.LoadUnsafe(ref Unsafe.Add(ref saved, i)), Vector<float>.Zero);
            Vector.ConditionalSelect(positive, Vector.LoadUnsafe(ref values), Vector<float>.Zero).StoreUnsafe(ref values);
        }
    }

    private sealed class BlockOperations : KernelSet
    {
        internal override BucketFormat? Format => null;

        internal override (int Rows, int Columns)? Block => (TKernel.Rows, TKernel.Columns);

        internal override void Forward(
            MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
            ForwardPanel(product, in pass, ref x, ref z, ref y, activation);

        internal override void GradInput(
            MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved,
            bool accumulate) =>
            BlockPass<TKernel>.GradInput(product, in pass, ref dy, ref dx, derivative, ref saved, accumulate);

        internal override void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy) =>
            BlockPass<TKernel>.GradWeight(product, in batch, x, dy, accumulate: false);

        internal override int GradientPanels(BatchLayout layout, int panel) => layout.Together(panel, SamplesPerRun);

        internal override void DenseGradient(MatrixProduct product, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
            throw new InvalidOperationException("A layer of blocks has no gradient where it has no weights.");
    }
}
