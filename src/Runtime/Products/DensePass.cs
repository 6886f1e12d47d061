using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>The products of a layer with dense weights, over one panel or a whole batch.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class DensePass
{
    /// <summary>The kernels as an object, for the constructor of a layer.</summary>
    public static KernelSet Operations { get; } = new DenseOperations();

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
        var start = product.HasBias ? TileOptions.Bias : TileOptions.None;
        var finish = activation == ActivationKind.Relu ? TileOptions.Relu : TileOptions.None;
        CheckDense(product);
        Multiply(
            product.DenseWeight, product.Rows, product.Columns, in pass, ref x, ref z, ref product.Bias.Reference, ref z,
            start | finish, new Epilogue(activation, Derivative: false), ref y);
    }

    /// <summary><c>dx = Wᵀ·dy</c>, added to dx if <paramref name="accumulate"/>.</summary>
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, bool accumulate) =>
        GradInput(product, in pass, ref dy, ref dx, ActivationKind.None, ref dx, accumulate);

    /// <summary><c>dx = (accumulate ? dx + Wᵀ·dy : Wᵀ·dy) · activation'(saved)</c>.</summary>
    public static void GradInput(
        MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    {
        pass.Check(ref dy, product.Rows);
        pass.Check(ref dx, product.Columns);
        pass.Check(ref saved, product.Columns);
        var start = accumulate ? TileOptions.Load : TileOptions.None;
        var finish = derivative == ActivationKind.Relu ? TileOptions.Gate : TileOptions.None;
        CheckDense(product);
        Multiply(
            product.Matrix.Transposed.Pointer, product.Columns, product.Rows, in pass, ref dy, ref dx, ref dx, ref saved,
            start | finish, new Epilogue(derivative, Derivative: true), ref dx);
    }

    /// <summary>Dense weight gradient and bias gradient. Each worker computes its own rows.</summary>
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
        CheckDense(product);
        batch.Check(x, product.Columns);
        batch.Check(dy, product.Rows);
        BiasGradient.Compute(product, in batch, dy, accumulate);
        GradWeight(product, in batch, x, dy, product.Matrix.Parameter.GradientPointer, accumulate);
    }

    /// <summary>Throws unless all weights of a matrix lie row by row.</summary>
    internal static void CheckDense(MatrixProduct product)
    {
        if (product.Matrix.IsPacked)
            throw new ArgumentException("The weights are packed: there are no rows of all weights.", nameof(product));
    }

    private static void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy, float* gradient, bool accumulate)
    {
        var (first, end) = batch.Share(product.Rows, DenseKernel.TileRows);
        if (first == end)
            return;
        var operands = new GradientOperands(in batch, end - first);
        operands.LoadRows(dy, first, end);
        var options = accumulate || batch.Accumulate ? TileOptions.Load : TileOptions.None;
        for (var column = 0; column < product.Columns; column += PanelGeometry.MaxWidth)
        {
            var columns = Math.Min(PanelGeometry.MaxWidth, product.Columns - column);
            operands.LoadStrip(x, column, columns);
            if (product.Kernels.Inputs is { } pattern)
                LargestLanes.PruneSamples(
                    pattern.Keep, pattern.Group, operands.Strip, batch.Layout.Batch,
                    (columns + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes * PanelGeometry.Lanes);
            var target = gradient + ((nint)first * product.Columns) + column;
            if (columns % PanelGeometry.Lanes == 0)
                MultiplyStrip(in operands, batch.Layout.Batch, columns / PanelGeometry.Lanes, end - first, target, product.Columns, options);
            else
                MultiplyRaggedStrip(in operands, batch.Layout.Batch, columns, end - first, target, product.Columns, options);
        }
    }

    /// <summary>A strip of the weight gradient: rows of dy are broadcast against vectors of columns, one sample after the other.</summary>
    private static void MultiplyStrip(
        in GradientOperands operands, int samples, int vectors, int rows, float* target, nint targetStride, TileOptions options)
    {
        nint width = vectors * PanelGeometry.Lanes;
        for (var row = 0; row < rows;)
        {
            var height = DenseKernel.Height(rows - row);
            var tile = new DenseTile
            {
                A = ref operands.Rows[(nint)row * operands.RowStride],
                RowStride = operands.RowStride,
                X = ref *operands.Strip,
                XStride = width,
                Depth = samples,
                Y = ref target[row * targetStride],
                YStride = targetStride,
                Options = options,
            };
            DenseKernel.Multiply(vectors, height, in tile);
            row += height;
        }
    }

    /// <summary>A strip that ends within a vector: tiles go through a buffer, so that nothing is written past the end of a row.</summary>
    private static void MultiplyRaggedStrip(
        in GradientOperands operands, int samples, int columns, int rows, float* target, nint targetStride, TileOptions options)
    {
        var vectors = (columns + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes;
        nint width = vectors * PanelGeometry.Lanes;
        var bounce = stackalloc float[DenseKernel.TileRows * PanelGeometry.MaxWidth];
        for (var row = 0; row < rows;)
        {
            var height = DenseKernel.Height(rows - row);
            var tile = new DenseTile
            {
                A = ref operands.Rows[(nint)row * operands.RowStride],
                RowStride = operands.RowStride,
                X = ref *operands.Strip,
                XStride = width,
                Depth = samples,
                Y = ref *bounce,
                YStride = width,
            };
            DenseKernel.Multiply(vectors, height, in tile);
            for (var r = 0; r < height; r++, row++)
            {
                for (var c = 0; c < columns; c++)
                {
                    ref var element = ref target[(row * targetStride) + c];
                    element = (options & TileOptions.Load) != 0 ? element + bounce[(r * width) + c] : bounce[(r * width) + c];
                }
            }
        }
    }

    private static void Multiply(
        float* weight, int rows, int depth, in PanelPass pass, ref float x, ref float y, ref float bias, ref float gate,
        TileOptions options, Epilogue epilogue, ref float activated)
    {
        var (first, end) = pass.Share(rows, DenseKernel.TileRows);
        nint width = pass.Width;
        for (var row = first; row < end;)
        {
            var height = DenseKernel.Height(end - row);
            var position = row * width;
            var tile = new DenseTile
            {
                A = ref *(weight + ((nint)row * depth)),
                RowStride = depth,
                Depth = depth,
                X = ref x,
                XStride = width,
                Y = ref Unsafe.Add(ref y, position),
                YStride = width,
                Bias = ref Unsafe.Add(ref bias, row),
                Gate = ref Unsafe.Add(ref gate, position),
                Options = options,
            };
            DenseKernel.Multiply(pass.Vectors, height, in tile);
            if (epilogue.NeedsTile)
                epilogue.Apply(
                    ref Unsafe.Add(ref y, position), ref Unsafe.Add(ref activated, position), ref Unsafe.Add(ref gate, position),
                    height * (int)width);
            row += height;
        }
    }

    private sealed class DenseOperations : KernelSet
    {
        internal override BucketFormat? Format => null;

        internal override void Forward(
            MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
            ForwardPanel(product, in pass, ref x, ref z, ref y, activation);

        internal override void GradInput(
            MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved,
            bool accumulate) =>
            DensePass.GradInput(product, in pass, ref dy, ref dx, derivative, ref saved, accumulate);

        internal override void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy) =>
            DensePass.GradWeight(product, in batch, x, dy, accumulate: false);

        internal override void DenseGradient(MatrixProduct product, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
            DensePass.GradWeight(product, in batch, x, dy, target, accumulate);
    }
}
