using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SparseSharp.Matrices;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>The forward product of a few samples with a stream of weights that has outputs side by side.</summary>
/// <typeparam name="TKernel">What is in the stream.</typeparam>
internal sealed unsafe class StreamPass<TKernel> : SmallBatchKernels
    where TKernel : struct, IStreamKernel
{
    /// <summary>Blocks that kernels take at once for a single sample: workers share multiples of them.</summary>
    private const int BlocksAtOnce = 4;

    private static readonly StreamPass<TKernel> _instance = new();

    /// <summary>The kernels, whose numbers must be those of a stream.</summary>
    public static StreamPass<TKernel> Checked()
    {
        var (keep, group) = (TKernel.Keep, TKernel.Group);
        if (!DataLayout.HasStream(keep, group) || (TKernel.SelectorBits, TKernel.WindowSlots, TKernel.StepInputs)
            != (DataLayout.SelectorBits(group), DataLayout.WindowSlots(keep, group), DataLayout.StepInputs(keep, group)))
        {
            throw new ArgumentException($"A stream of {keep} of {group} weights is not what these numbers say.");
        }
        return _instance;
    }

    public override WeightStream MakeStream(Matrix matrix) => new OutputStream(
        matrix.Columns, matrix.Rows, TKernel.Keep, TKernel.Group, TKernel.SelectorBits, TKernel.StepInputs, matrix.RoundsWeights);

    public override void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    {
        var stream = (OutputStream)product.SmallBatch.Stream;
        var (first, end) = pass.Share(stream.Blocks, BlocksAtOnce);
        if (first == end)
            return;
        ClearPadding(in pass, ref x, product.Columns);
        nint position = first * OutputStream.BlockOutputs;
        var run = new StreamRun
        {
            X = ref x,
            XStride = SmallBatch.Stride(product.Columns),
            Stream = ref stream.Block(first),
            BlockStride = stream.BlockStride,
            Steps = stream.Steps,
            Blocks = end - first,
            Bias = ref Unsafe.Add(ref product.Bias.Reference, position),
            Y = ref Unsafe.Add(ref z, position),
            YStride = SmallBatch.Stride(product.Rows),
            Relu = activation == ActivationKind.Relu,
        };
        StreamKernel.Multiply<TKernel>(pass.Samples, stream.Halves, in run);
        var epilogue = new Epilogue(activation, Derivative: false);
        if (!epilogue.NeedsTile)
            return;
        var count = (end - first) * OutputStream.BlockOutputs;
        for (nint sample = 0; sample < pass.Samples; sample++)
        {
            ref var from = ref Unsafe.Add(ref run.Y, sample * run.YStride);
            epilogue.Apply(ref from, ref Unsafe.Add(ref y, position + (sample * run.YStride)), ref from, count);
        }
    }

    /// <summary>What lies after the last input meets weights of 0, and must be numbers for that. All workers write the same.</summary>
    private static void ClearPadding(in PanelPass pass, ref float x, int inputs)
    {
        var stride = SmallBatch.Stride(inputs);
        for (nint sample = 0; sample < pass.Samples; sample++)
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref x, (sample * stride) + inputs), (int)stride - inputs).Clear();
    }
}
