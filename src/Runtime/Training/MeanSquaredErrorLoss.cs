using System.Numerics.Tensors;

namespace SparseSharp.Training;

/// <summary>Mean squared error over the features of a sample: the gradient is <c>2 (x - t) / features</c>.</summary>
internal sealed class MeanSquaredErrorLoss : Loss
{
    public override bool HasAccuracy => false;

    public override string ToString() => "MeanSquaredError";

    internal override unsafe PanelLoss Evaluate(
        float* output, float* gradient, int features, int width, int samples, Batch batch, int firstSample, float scale)
    {
        var sum = 0.0;
        for (var first = 0; first < width; first += PanelBlock.MaxColumns)
        {
            var block = new PanelBlock(output, gradient, features, width, first, samples);
            if (block.Columns > 0)
                sum += EvaluateBlock(block, new TargetRows(batch, firstSample + first, block.Columns), scale);
            block.ClearPadding();
        }
        return new(sum, 0);
    }

    internal override void Check(in Targets targets, int outputFeatures)
    {
        if (targets.Features == outputFeatures)
            return;
        var has = targets.Features == 0 ? "class labels" : $"{targets.Features} target values per sample";
        throw new ArgumentException(
            $"Mean squared error needs {outputFeatures} target values per sample, as many as the model has outputs, but the {targets.Place} has {has}.");
    }

    private static double EvaluateBlock(in PanelBlock block, TargetRows targets, float scale)
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
        return TensorSums.InOrder(sums) / block.Features;
    }
}
