using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>The forward product of a few samples with a stream of blocks of weights.</summary>
internal sealed unsafe class BlockStreamPass : SmallBatchKernels
{
    public static BlockStreamPass Instance { get; } = new();

    public override WeightStream MakeStream(Matrix matrix) => new BlockStream(matrix.RoundsWeights);

    public override void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    {
        var stream = (BlockStream)product.SmallBatch.Stream;
        var (first, end) = pass.Share(stream.Tiles, 1);
        if (first < end)
        {
            var run = new BlockStreamRun
            {
                X = ref x,
                XStride = SmallBatch.Stride(product.Columns),
                Tiles = ref stream.Tile(first),
                Columns = ref stream.Columns(first),
                Stream = ref stream.Words(first),
                Count = end - first,
                Bias = ref product.Bias.Reference,
                Y = ref z,
                YStride = SmallBatch.Stride(product.Rows),
                Relu = activation == ActivationKind.Relu,
            };
            BlockStreamKernel.Multiply(pass.Samples, stream.Halves, in run);
        }
        if (!new Epilogue(activation, Derivative: false).NeedsTile)
            return;
        // The outputs of a tile may lie far apart, so shares of tiles are no shares of outputs.
        pass.Sync();
        Elementwise.Activate(in pass, activation, ref z, ref y, product.Rows);
    }
}
