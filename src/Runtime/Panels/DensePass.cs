using System.Runtime.CompilerServices;
using SparseSharp.Gradients;

namespace SparseSharp.Kernels;

/// <summary>The products of a layer with dense weights, over one panel or a whole batch.</summary>
/// <typeparam name="TKernel">The emitted kernels.</typeparam>
public static unsafe class DensePass<TKernel>
    where TKernel : struct, IDenseKernel
{
    /// <summary>Rows of the tallest tile.</summary>
    private const int TileRows = 6;

    /// <summary>The kernels as an object, for the constructor of a layer.</summary>
    public static LinearOperations Operations { get; } = new DenseOperations();

    /// <summary><c>y = activation(W·x + b)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(Linear layer, in PanelPass pass, ref float x, ref float y, ActivationKind activation) =>
        Forward(layer, in pass, ref x, ref y, ref y, activation);

    /// <summary><c>z = W·x + b</c> and <c>y = activation(z)</c>, for activations whose derivative needs z.</summary>
    public static void Forward(Linear layer, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    {
        if (pass.IsSampleMajor)
        {
            layer.Operations.SmallBatch!.Forward(layer, in pass, ref x, ref z, ref y, activation);
            return;
        }
        var start = layer.HasBias ? KernelSteps.Bias : KernelSteps.None;
        var finish = activation == ActivationKind.Relu ? KernelSteps.Relu : KernelSteps.None;
        Multiply(
            layer.DenseWeight, layer.Outputs, layer.Inputs, in pass, ref x, ref z, ref layer.BiasReference, ref z,
            start | finish, new Epilogue(activation, Derivative: false), ref y);
    }

    /// <summary><c>dx = Wᵀ·dy</c>, added to dx if <paramref name="accumulate"/>.</summary>
    public static void GradInput(Linear layer, in PanelPass pass, ref float dy, ref float dx, bool accumulate) =>
        GradInput(layer, in pass, ref dy, ref dx, ActivationKind.None, ref dx, accumulate);

    /// <summary><c>dx = (accumulate ? dx + Wᵀ·dy : Wᵀ·dy) · activation'(saved)</c>.</summary>
    public static void GradInput(
        Linear layer, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    {
        var start = accumulate ? KernelSteps.Load : KernelSteps.None;
        var finish = derivative == ActivationKind.Relu ? KernelSteps.Gate : KernelSteps.None;
        Multiply(
            layer.Transposed.Pointer, layer.Inputs, layer.Outputs, in pass, ref dy, ref dx, ref dx, ref saved,
            start | finish, new Epilogue(derivative, Derivative: true), ref dx);
    }

    /// <summary>Dense weight gradient and bias gradient. Each worker computes its own rows.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the layer's input.</param>
    /// <param name="dy">Slot of the gradient of its output.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(Linear layer, in BatchPass batch, int x, int dy, bool accumulate)
    {
        if (batch.Capture is { } capture)
        {
            capture.Take(layer, in batch, x);
            return;
        }
        BiasGradient.Compute(layer, in batch, dy, accumulate);
        GradWeight(layer, in batch, x, dy, layer.WeightParameter.GradientPointer, accumulate);
    }

    private static void GradWeight(Linear layer, in BatchPass batch, int x, int dy, float* gradient, bool accumulate)
    {
        var (first, end) = batch.Share(layer.Outputs, TileRows);
        if (first == end)
            return;
        var operands = new GradientOperands(in batch, end - first);
        operands.LoadRows(dy, first, end);
        var steps = accumulate || batch.Accumulate ? KernelSteps.Load : KernelSteps.None;
        for (var column = 0; column < layer.Inputs; column += PanelGeometry.MaxWidth)
        {
            var columns = Math.Min(PanelGeometry.MaxWidth, layer.Inputs - column);
            operands.LoadStrip(x, column, columns);
            if (layer.Operations.Inputs is { } pattern)
                LargestLanes.PruneSamples(pattern, operands.Strip, batch.Layout.Batch, (columns + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes * PanelGeometry.Lanes);
            var target = gradient + ((nint)first * layer.Inputs) + column;
            if (columns % PanelGeometry.Lanes == 0)
                MultiplyStrip(in operands, batch.Layout.Batch, columns / PanelGeometry.Lanes, end - first, target, layer.Inputs, steps);
            else
                MultiplyRaggedStrip(in operands, batch.Layout.Batch, columns, end - first, target, layer.Inputs, steps);
        }
    }

    /// <summary>A strip of the weight gradient: rows of dy are broadcast against vectors of columns, one sample after the other.</summary>
    private static void MultiplyStrip(
        in GradientOperands operands, int samples, int vectors, int rows, float* target, nint targetStride, KernelSteps steps)
    {
        nint width = vectors * PanelGeometry.Lanes;
        for (var row = 0; row < rows;)
        {
            var height = Height(rows - row);
            var tile = new DenseTile
            {
                A = ref operands.Rows[(nint)row * operands.RowStride],
                RowStride = operands.RowStride,
                X = ref *operands.Strip,
                XStride = width,
                Depth = samples,
                Y = ref target[row * targetStride],
                YStride = targetStride,
                Steps = steps,
            };
            TKernel.Multiply(vectors, height, in tile);
            row += height;
        }
    }

    /// <summary>A strip that ends within a vector: tiles go through a buffer, so that nothing is written past the end of a row.</summary>
    private static void MultiplyRaggedStrip(
        in GradientOperands operands, int samples, int columns, int rows, float* target, nint targetStride, KernelSteps steps)
    {
        var vectors = (columns + PanelGeometry.Lanes - 1) / PanelGeometry.Lanes;
        nint width = vectors * PanelGeometry.Lanes;
        var bounce = stackalloc float[TileRows * PanelGeometry.MaxWidth];
        for (var row = 0; row < rows;)
        {
            var height = Height(rows - row);
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
            TKernel.Multiply(vectors, height, in tile);
            for (var r = 0; r < height; r++, row++)
            {
                for (var c = 0; c < columns; c++)
                {
                    ref var element = ref target[(row * targetStride) + c];
                    element = (steps & KernelSteps.Load) != 0 ? element + bounce[(r * width) + c] : bounce[(r * width) + c];
                }
            }
        }
    }

    private static void Multiply(
        float* weight, int rows, int depth, in PanelPass pass, ref float x, ref float y, ref float bias, ref float gate,
        KernelSteps steps, Epilogue epilogue, ref float activated)
    {
        var (first, end) = pass.Share(rows, TileRows);
        nint width = pass.Width;
        for (var row = first; row < end;)
        {
            var height = Height(end - row);
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
                Steps = steps,
            };
            TKernel.Multiply(pass.Vectors, height, in tile);
            if (epilogue.NeedsTile)
                epilogue.Apply(ref Unsafe.Add(ref y, position), ref Unsafe.Add(ref activated, position), ref Unsafe.Add(ref gate, position), height * (int)width);
            row += height;
        }
    }

    /// <summary>The tallest tile that fits.</summary>
    private static int Height(int rows) => rows >= 6 ? 6 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;

    private sealed class DenseOperations : LinearOperations
    {
        internal override BucketFormat? Format => null;

        internal override void Forward(Linear layer, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
            DensePass<TKernel>.Forward(layer, in pass, ref x, ref z, ref y, activation);

        internal override void GradInput(
            Linear layer, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate) =>
            DensePass<TKernel>.GradInput(layer, in pass, ref dy, ref dx, derivative, ref saved, accumulate);

        internal override void GradWeight(Linear layer, in BatchPass batch, int x, int dy) =>
            DensePass<TKernel>.GradWeight(layer, in batch, x, dy, accumulate: false);

        internal override void DenseGradient(Linear layer, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
            DensePass<TKernel>.GradWeight(layer, in batch, x, dy, target, accumulate);
    }
}
