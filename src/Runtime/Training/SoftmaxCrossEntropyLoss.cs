using System.Globalization;
using System.Numerics.Tensors;
using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>
/// Softmax cross-entropy with label smoothing ε over K classes: <c>lse(x) - (1-ε)·x[label] - ε/K·Σx</c>, everything relative to the largest
/// output of the column, so nothing overflows. The gradient of a sample is <c>softmax(x) - target</c>.
/// </summary>
internal sealed class SoftmaxCrossEntropyLoss : Loss
{
    private readonly float _smoothing;

    public SoftmaxCrossEntropyLoss(double labelSmoothing) => _smoothing = Ranges.ShareSingle(labelSmoothing);

    public override bool HasAccuracy => true;

    public override string ToString() => _smoothing == 0
        ? "SoftmaxCrossEntropy"
        : string.Create(CultureInfo.InvariantCulture, $"SoftmaxCrossEntropy(labelSmoothing: {_smoothing})");

    internal override unsafe PanelLoss Evaluate(
        float* output, float* gradient, int features, int width, int samples, Batch batch, int firstSample, float scale)
    {
        var result = default(PanelLoss);
        for (var first = 0; first < width; first += PanelBlock.MaxColumns)
        {
            var block = new PanelBlock(output, gradient, features, width, first, samples);
            if (block.Columns > 0)
            {
                var part = EvaluateBlock(block, batch.Labels.Slice(firstSample + first, block.Columns), scale);
                result = new(result.Sum + part.Sum, result.Correct + part.Correct);
            }
            block.ClearPadding();
        }
        return result;
    }

    internal override void Check(in Targets targets, int outputFeatures)
    {
        if (targets.Features != 0)
        {
            throw new ArgumentException(
                $"Softmax cross-entropy needs class labels, but the {targets.Place} has {targets.Features} target values per sample.");
        }
        var labels = targets.Labels;
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)outputFeatures)
            {
                throw new ArgumentException(
                    $"Sample {i} of the {targets.Place} has the label {labels[i]}, but the model has {outputFeatures} outputs: labels go from 0 to {outputFeatures - 1}.");
            }
        }
    }

    private PanelLoss EvaluateBlock(in PanelBlock block, ReadOnlySpan<int> labels, float scale)
    {
        Span<float> scratch = stackalloc float[3 * PanelBlock.MaxColumns];
        var largest = scratch[..block.Columns];
        var sum = scratch.Slice(PanelBlock.MaxColumns, block.Columns);
        var shifted = scratch.Slice(2 * PanelBlock.MaxColumns, block.Columns);
        block.Output(0).CopyTo(largest);
        for (var f = 1; f < block.Features; f++)
            TensorPrimitives.Max(largest, block.Output(f), largest);

        // The exponentials wait in the gradient; the shifted outputs are summed for the smoothed part of the target.
        sum.Clear();
        shifted.Clear();
        for (var f = 0; f < block.Features; f++)
        {
            var row = block.Gradient(f);
            TensorPrimitives.Subtract(block.Output(f), largest, row);
            if (_smoothing != 0)
                TensorPrimitives.Add(shifted, row, shifted);
            TensorPrimitives.Exp(row, row);
            TensorPrimitives.Add(sum, row, sum);
        }

        var result = SumLosses(block, labels, largest, sum, shifted);
        WriteGradient(block, labels, sum, scale);
        return result;
    }

    private PanelLoss SumLosses(
        in PanelBlock block, ReadOnlySpan<int> labels, ReadOnlySpan<float> largest, ReadOnlySpan<float> sum, ReadOnlySpan<float> shifted)
    {
        var total = 0.0;
        var correct = 0;
        for (var c = 0; c < labels.Length; c++)
        {
            var chosen = block.Output(labels[c])[c];
            total += Math.Log(sum[c]) - ((1.0 - _smoothing) * ((double)chosen - largest[c])) - (_smoothing * (double)shifted[c] / block.Features);
            if (chosen == largest[c] && IsFirst(block, c, labels[c], chosen))
                correct++;
        }
        return new(total, correct);
    }

    /// <summary>Whether no class before <paramref name="label"/> has its value: on ties the lowest class is the prediction.</summary>
    private static bool IsFirst(in PanelBlock block, int column, int label, float value)
    {
        for (var f = 0; f < label; f++)
        {
            if (block.Output(f)[column] == value)
                return false;
        }
        return true;
    }

    private void WriteGradient(in PanelBlock block, ReadOnlySpan<int> labels, Span<float> sum, float scale)
    {
        TensorPrimitives.Divide(scale, sum, sum);
        var spread = scale * _smoothing / block.Features;
        for (var f = 0; f < block.Features; f++)
        {
            var row = block.Gradient(f);
            TensorPrimitives.Multiply(row, sum, row);
            if (spread != 0)
                TensorPrimitives.Subtract(row, spread, row);
        }
        var peak = scale * (1 - _smoothing);
        for (var c = 0; c < labels.Length; c++)
            block.Gradient(labels[c])[c] -= peak;
    }
}
