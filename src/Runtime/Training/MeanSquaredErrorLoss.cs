using System.Numerics.Tensors;

namespace SparseSharp.Training;

/// <summary>Mean squared error over the features of a sample: the gradient is <c>2 (x - t) / features</c>.</summary>
internal sealed class MeanSquaredErrorLoss : ColumnLoss
{
    public override string ToString() => "MeanSquaredError";

    public override string? Fault(Target target, int outputs) => ValuesFault(target, outputs);

    private protected override PanelLoss EvaluateBlock(in PanelBlock block, TargetRows targets, float scale)
    {
        Span<float> scratch = stackalloc float[PanelBlock.MaxColumns];
        Span<double> sumScratch = stackalloc double[2 * PanelBlock.MaxColumns];
        var row = scratch[..block.Columns];
        var sums = sumScratch[..block.Columns];
        var wide = sumScratch.Slice(PanelBlock.MaxColumns, block.Columns);
        sums.Clear();
        for (var f = 0; f < block.Features; f++)
        {
            targets.Read(f, row);
            TensorPrimitives.Subtract(block.Output(f), row, row);
            TensorPrimitives.Multiply(row, 2 * scale / block.Features, block.Gradient(f));
            TensorPrimitives.ConvertTruncating<float, double>(row, wide);
            TensorPrimitives.MultiplyAdd(wide, wide, sums, sums);
        }
        return new(TensorSums.InOrder(sums) / block.Features, block.Columns, Correct: 0, block.Columns);
    }
}
