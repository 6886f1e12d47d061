using System.Runtime.CompilerServices;

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
        var start = layer.HasBias ? KernelSteps.Bias : KernelSteps.None;
        var finish = activation == ActivationKind.Relu ? KernelSteps.Relu : KernelSteps.None;
        Multiply(
            layer.WeightParameter.Buffer.Pointer, layer.Outputs, layer.Inputs, in pass, ref x, ref z, ref layer.BiasReference, ref z,
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
            layer.TransposedWeight, layer.Inputs, layer.Outputs, in pass, ref dy, ref dx, ref dx, ref saved,
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
        BiasGradient.Compute(layer, in batch, dy, accumulate);
        var (first, end) = batch.Share(layer.Outputs, TileRows);
        if (first == end)
            return;
        var strip = new GradientStrip(layer.Inputs, batch.Layout.Columns);
        for (var column = 0; column < layer.Inputs; column += PanelGeometry.MaxWidth)
        {
            strip.Load(in batch, x, column);
            for (var row = first; row < end;)
            {
                var rows = Height(end - row);
                GradientTile(layer, in batch, in strip, dy, row, rows, accumulate || batch.Accumulate);
                row += rows;
            }
        }
    }

    /// <summary>A tile of the weight gradient: rows of dy are broadcast, the strip of x has the batch as its rows.</summary>
    private static void GradientTile(Linear layer, in BatchPass batch, in GradientStrip strip, int dy, int row, int rows, bool accumulate)
    {
        var layout = batch.Layout;
        nint stride = layer.Inputs;
        var gradient = layer.WeightParameter.GradientPointer + (row * stride) + strip.FirstColumn;
        var bounce = stackalloc float[TileRows * PanelGeometry.MaxWidth];
        var target = strip.IsRagged ? bounce : gradient;
        var targetStride = strip.IsRagged ? strip.Width : stride;
        var uniform = layout.WiderPanels == 0 ? layout.Panels : layout.WiderPanels;
        for (var panel = 0; panel < layout.Panels; panel += uniform, uniform = layout.Panels - uniform)
        {
            // Runs over all panels of one width: sums stay in registers from the first sample to the last.
            var width = layout.Width(panel);
            var tile = new DenseTile
            {
                A = ref *(batch.Slot(dy, panel) + ((nint)row * width)),
                RowStride = width,
                StepStride = 1,
                Depth = width,
                Runs = uniform,
                RunStride = (nint)batch.Rows * width,
                X = ref *(strip.Pointer + ((nint)layout.Start(panel) * strip.Width)),
                XStride = strip.Width,
                Y = ref *target,
                YStride = targetStride,
                Steps = panel > 0 || (accumulate && !strip.IsRagged) ? KernelSteps.Load : KernelSteps.None,
            };
            TKernel.Multiply(strip.Vectors, rows, in tile);
        }
        if (strip.IsRagged)
            strip.CopyRows(bounce, gradient, stride, rows, accumulate);
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
                StepStride = 1,
                Depth = depth,
                Runs = 1,
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
        internal override bool IsPacked => false;

        internal override ReadOnlySpan<byte> RowSets => [];

        internal override void Forward(Linear layer, in PanelPass pass, ref float x, ref float y) =>
            DensePass<TKernel>.Forward(layer, in pass, ref x, ref y, ActivationKind.None);

        internal override void GradInput(Linear layer, in PanelPass pass, ref float dy, ref float dx) =>
            DensePass<TKernel>.GradInput(layer, in pass, ref dy, ref dx, accumulate: false);

        internal override void GradWeight(Linear layer, in BatchPass batch, int x, int dy) =>
            DensePass<TKernel>.GradWeight(layer, in batch, x, dy, accumulate: false);
    }
}
