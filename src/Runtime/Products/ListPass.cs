using System.ComponentModel;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// The weight gradient from a pruned gradient of the output. Each output feature has a list of the samples that it keeps; the input is cut
/// into strips of a few features, with the samples as rows, and a list picks from a strip the rows that it needs.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class ListPass
{
    /// <summary>
    /// Output features that are done with one block of a strip before the next, so that their sums stay in the second-level cache.
    /// </summary>
    private const int RowsPerRun = 128;

    [ThreadStatic]
    private static NativeBuffer<float>? t_strip;

    [ThreadStatic]
    private static NativeBuffer<float>? t_bounce;

    private static int MaxWidth => PanelGeometry.StripVectors * PanelGeometry.Lanes;

    internal static KernelSet Operations(ProductKernels inner, GradientPattern pattern) => new ListOperations(inner, pattern);

    /// <summary>Weight gradient from N of every M samples, and the whole bias gradient. Each worker computes its own rows.</summary>
    /// <param name="product">The matrix, its bias and its kernels.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the layer's input.</param>
    /// <param name="dy">Slot of the gradient of its output.</param>
    /// <param name="site">Number of the product in its model: each draws from its own random stream.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy, int site, bool accumulate)
    {
        if (batch.Tap is { } tap)
        {
            tap.Take(product.Matrix, in batch, x);
            return;
        }
        if (product.IsFrozen)
            return;
        DensePass.CheckDense(product);
        batch.Check(x, product.Columns);
        batch.Check(dy, product.Rows);
        BiasGradient.Compute(product, in batch, dy, accumulate);
        var (first, end) = batch.Share(product.Rows, PanelGeometry.Lanes);
        if (first == end)
            return;
        var lists = new GradientLists(in batch, end - first, product.Kernels.Gradients!);
        lists.Load(dy, first, end, site);

        // Strips of equal width, to a vector: a narrow one would leave its accumulators waiting for each other.
        var lanes = PanelGeometry.Lanes;
        var vectors = (product.Columns + lanes - 1) / lanes;
        var strips = (vectors + PanelGeometry.StripVectors - 1) / PanelGeometry.StripVectors;
        var strip = Scratch.Reserve(ref t_strip, (long)batch.Layout.Columns * MaxWidth);
        var add = accumulate || batch.Accumulate;
        for (var i = 0; i < strips; i++)
        {
            var column = vectors * i / strips * lanes;
            var columns = Math.Min(product.Columns, vectors * (i + 1) / strips * lanes) - column;
            PanelStrip.Load(in batch, x, column, columns, strip, MaxWidth);
            var target = product.Matrix.Parameter.GradientPointer + ((nint)first * product.Columns) + column;
            for (var row = 0; row < end - first; row += RowsPerRun)
            {
                var rows = Math.Min(RowsPerRun, end - first - row);
                if (columns % lanes == 0)
                    Multiply(in lists, strip, columns / lanes, row, rows, target + ((nint)row * product.Columns), product.Columns, add);
                else
                    MultiplyRagged(in lists, strip, columns, row, rows, target + ((nint)row * product.Columns), product.Columns, add);
            }
        }
    }

    private static void Multiply(
        in GradientLists lists, float* strip, int vectors, int row, int rows, float* target, nint targetStride, bool add)
    {
        for (var block = 0; block < lists.Blocks; block++)
        {
            var list = lists.List(row, block);
            var run = new ListRun
            {
                X = ref strip[(nint)block * PanelGeometry.StripSamples * MaxWidth],
                Index = ref lists.Index[list * lists.Capacity],
                Values = ref lists.Values[list * lists.Capacity],
                Fours = ref lists.Fours[list],
                ListStride = lists.Blocks * lists.Capacity,
                FoursStride = lists.Blocks,
                Y = ref *target,
                YStride = targetStride,
                Rows = rows,
                Add = add || block > 0,
            };
            ListKernel.Multiply(vectors, in run);
        }
    }

    /// <summary>A strip that ends within a vector: rows go through a buffer, so that nothing is written past their end.</summary>
    private static void MultiplyRagged(
        in GradientLists lists, float* strip, int columns, int row, int rows, float* target, nint targetStride, bool add)
    {
        var vectors = (columns + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes;
        nint width = vectors * PanelGeometry.Lanes;
        var bounce = Scratch.Reserve(ref t_bounce, RowsPerRun * MaxWidth);
        Multiply(in lists, strip, vectors, row, rows, bounce, width, add: false);
        for (var r = 0; r < rows; r++, bounce += width, target += targetStride)
        {
            for (var c = 0; c < columns; c++)
                target[c] = add ? target[c] + bounce[c] : bounce[c];
        }
    }

    private sealed class ListOperations : KernelSet
    {
        private readonly ProductKernels _inner;

        public ListOperations(ProductKernels inner, GradientPattern pattern)
        {
            pattern.Check();
            _inner = inner;
            Gradients = pattern;
        }

        internal override BucketFormat? Format => _inner.Format;

        internal override GradientPattern Gradients { get; }

        internal override ProductKernels WithFullGradient => _inner;

        internal override ProductKernels? Dense => _inner.Dense;

        internal override void Forward(
            MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
            _inner.Forward(product, in pass, ref x, ref z, ref y, activation);

        internal override void GradInput(
            MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved,
            bool accumulate) =>
            _inner.GradInput(product, in pass, ref dy, ref dx, derivative, ref saved, accumulate);

        internal override void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy) =>
            ListPass.GradWeight(product, in batch, x, dy, site: 0, accumulate: false);

        internal override void DenseGradient(MatrixProduct product, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
            _inner.DenseGradient(product, in batch, x, dy, target, accumulate);
    }
}
