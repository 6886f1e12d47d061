using System.ComponentModel;
using System.Runtime.CompilerServices;
using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>The products of a layer with packed weights, over one panel or a whole batch.</summary>
/// <typeparam name="TKernel">How the weights are packed.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class BucketPass<TKernel>
    where TKernel : struct, IBucketKernel
{
    /// <summary>The kernels as an object, for the constructor of a layer.</summary>
    public static KernelSet Operations { get; } = new BucketOperations(null);

    /// <summary>
    /// The kernels of a layer whose weight gradient is dense, because all its weights learn or to find a new mask; it can also run without
    /// a mask.
    /// </summary>
    public static KernelSet OperationsWithDenseGradient { get; } = new BucketOperations(DensePass.Operations);

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
        if (product.UsesDenseKernels)
        {
            product.Kernels.Dense!.Forward(product, in pass, ref x, ref z, ref y, activation);
            return;
        }
        var options = product.HasBias ? TileOptions.Bias : TileOptions.None;
        Multiply(
            Checked(((BucketMatrix)product.Matrix).Forward), in pass, ref x, ref z, ref product.Bias.Reference, ref z, options,
            activation == ActivationKind.Relu ? TileOptions.Relu : TileOptions.None,
            new Epilogue(activation, Derivative: false), ref y);
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
        if (product.UsesDenseKernels)
        {
            product.Kernels.Dense!.GradInput(product, in pass, ref dy, ref dx, derivative, ref saved, accumulate);
            return;
        }
        Multiply(
            Checked(((BucketMatrix)product.Matrix).Backward), in pass, ref dy, ref dx, ref dx, ref saved,
            accumulate ? TileOptions.Load : TileOptions.None,
            derivative == ActivationKind.Relu ? TileOptions.Gate : TileOptions.None,
            new Epilogue(derivative, Derivative: true), ref dx);
    }

    /// <summary>
    /// The weight gradient at kept positions, in the order of the packed weights, and the bias gradient; where masked weights learn at the
    /// moment, the gradient of all weights instead. If the layer is about to look for a new mask, that of all weights too.
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
        if (product.Matrix.KeptGradient == null)
        {
            product.Kernels.DenseGradient(product, in batch, x, dy, product.Matrix.Parameter.GradientPointer, accumulate);
            return;
        }
        if (product.Matrix.MaskedGradient is var masked && masked != null)
            product.Kernels.DenseGradient(product, in batch, x, dy, masked, accumulate);
        var weights = Checked(((BucketMatrix)product.Matrix).Forward);
        var (first, end) = batch.Share(weights.Blocks, 1);
        if (first == end)
            return;
        var layout = batch.Layout;
        for (var depthBlock = 0; depthBlock < weights.DepthBlocks; depthBlock++)
        {
            for (var panel = 0; panel < layout.Panels; panel++)
            {
                nint width = layout.Width(panel);
                var run = new BucketRun
                {
                    X = ref *(batch.Slot(x, panel) + (depthBlock * weights.DepthBlock * width)),
                    Y = ref *(batch.Slot(dy, panel) + (FirstRow(first) * width)),
                    Rows = ref *weights.RowsOf(depthBlock, first),
                    Index = ref *(weights.Index + weights.IndexOffset(depthBlock, first)),
                    Values = ref *(product.Matrix.KeptGradient + weights.ValueOffset(depthBlock, first)),
                    Counts = ref *(weights.Counts + weights.CountOffset(depthBlock, first)),
                    IndexStride = weights.IndexStride(depthBlock),
                    ValueStride = weights.ValueStride(depthBlock),
                    Blocks = end - first,
                    Options = panel > 0 || accumulate || batch.Accumulate ? TileOptions.Load : TileOptions.None,
                };
                BucketKernel.KeptGradient(TKernel.Format, layout.Vectors(panel), in run);
            }
            weights.ClearPadding(product.Matrix.KeptGradient, depthBlock, first, end);
        }
    }

    /// <summary>
    /// The product of packed weights and a panel, for the caller's share of the rows. Depth is cut into blocks whose part of the panel
    /// stays in the first-level cache; sums wait in the output between them.
    /// </summary>
    private static void Multiply(
        BucketWeights weights, in PanelPass pass, ref float x, ref float y, ref float bias, ref float gate,
        TileOptions begin, TileOptions finish, Epilogue epilogue, ref float activated)
    {
        var (first, end) = pass.Share(weights.Blocks, weights.BlocksTogether);
        nint width = pass.Width;
        // As many floats of the output for panels of any width.
        var together = weights.BlocksTogether * (PanelGeometry.MaxVectors / pass.Vectors);
        for (var depthBlock = 0; depthBlock < weights.DepthBlocks; depthBlock++)
        {
            var last = depthBlock == weights.DepthBlocks - 1;
            var options = (depthBlock == 0 ? begin : TileOptions.Load) | (last ? finish : TileOptions.None);
            for (var block = first; block < end; block += together)
            {
                var blocks = Math.Min(together, end - block);
                var position = block * 4 * width;
                var start = FirstRow(block) * width;
                var run = new BucketRun
                {
                    X = ref Unsafe.Add(ref x, depthBlock * weights.DepthBlock * width),
                    Y = ref Unsafe.Add(ref y, start),
                    Rows = ref *weights.RowsOf(depthBlock, block),
                    Index = ref *(weights.Index + weights.IndexOffset(depthBlock, block)),
                    Values = ref *(weights.Values.Pointer + weights.ValueOffset(depthBlock, block)),
                    Counts = ref *(weights.Counts + weights.CountOffset(depthBlock, block)),
                    IndexStride = weights.IndexStride(depthBlock),
                    ValueStride = weights.ValueStride(depthBlock),
                    Blocks = blocks,
                    Bias = ref Unsafe.Add(ref bias, FirstRow(block)),
                    Gate = ref Unsafe.Add(ref gate, start),
                    Options = options,
                };
                BucketKernel.Multiply(TKernel.Format, pass.Vectors, in run);
                if (last && epilogue.NeedsTile)
                    epilogue.Apply(
                        ref Unsafe.Add(ref y, position), ref Unsafe.Add(ref activated, position), ref Unsafe.Add(ref gate, position),
                        blocks * 4 * (int)width);
            }
        }
    }

    /// <summary>Weights, which must be packed as the kernels read them.</summary>
    private static BucketWeights Checked(BucketWeights weights) => weights.Format == TKernel.Format
        ? weights
        : throw new ArgumentException($"The weights are packed for {weights.Format}, not for {TKernel.Format}.");

    /// <summary>The row that a run starts to count from.</summary>
    private static int FirstRow(int block) => TKernel.Format == BucketFormat.Pairs ? block * 4 : 0;

    private sealed class BucketOperations(ProductKernels? dense) : KernelSet
    {
        internal override BucketFormat? Format => TKernel.Format;

        internal override ProductKernels? Dense => dense;

        internal override void Forward(
            MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) =>
            ForwardPanel(product, in pass, ref x, ref z, ref y, activation);

        internal override void GradInput(
            MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved,
            bool accumulate) =>
            BucketPass<TKernel>.GradInput(product, in pass, ref dy, ref dx, derivative, ref saved, accumulate);

        internal override void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy)
        {
            if (product.Matrix.KeptGradient == null)
                dense!.GradWeight(product, in batch, x, dy);
            else
                BucketPass<TKernel>.GradWeight(product, in batch, x, dy, accumulate: false);
        }

        internal override void DenseGradient(MatrixProduct product, in BatchPass batch, int x, int dy, float* target, bool accumulate) =>
            dense!.DenseGradient(product, in batch, x, dy, target, accumulate);
    }
}
