using SparseSharp.Layers;

namespace SparseSharp.Kernels;

/// <summary>The forward product of a few samples with a stream of blocks of weights.</summary>
/// <typeparam name="TKernel">The emitted kernels.</typeparam>
internal sealed unsafe class BlockStreamPass<TKernel> : SmallBatchKernels
    where TKernel : struct, IBlockStreamKernel
{
    public static BlockStreamPass<TKernel> Instance { get; } = new();

    public override WeightStream MakeStream(Linear layer) => new BlockStream(layer.RoundsWeights);

    public override void Forward(Linear layer, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    {
        var stream = (BlockStream)layer.SmallBatch.Stream;
        var (first, end) = pass.Share(stream.Tiles, 1);
        if (first < end)
        {
            var run = new BlockStreamRun
            {
                X = ref x,
                XStride = SmallBatch.Stride(layer.Inputs),
                Tiles = ref stream.Tile(first),
                Columns = ref stream.Columns(first),
                Stream = ref stream.Words(first),
                Count = end - first,
                Bias = ref layer.BiasReference,
                Y = ref z,
                YStride = SmallBatch.Stride(layer.Outputs),
                Relu = activation == ActivationKind.Relu,
            };
            TKernel.Multiply(pass.Samples, stream.Halves, in run);
        }
        if (!new Epilogue(activation, Derivative: false).NeedsTile)
            return;
        // The outputs of a tile may lie far apart, so shares of tiles are no shares of outputs.
        pass.Sync();
        Elementwise.Activate(in pass, activation, ref z, ref y, layer.Outputs);
    }
}
