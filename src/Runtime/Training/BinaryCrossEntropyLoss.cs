using System.Globalization;
using System.Numerics.Tensors;

namespace SparseSharp.Training;

/// <summary>
/// Binary cross-entropy on logits, the mean over the features of a sample: <c>max(x, 0) - x·t + log(1 + exp(-|x|))</c>, which overflows for no x.
/// The gradient is <c>(sigmoid(x) - t) / features</c>. A sample is correct if every output is on the side of 0 that its target is on of 1/2.
/// </summary>
internal sealed class BinaryCrossEntropyLoss : Loss
{
    public override bool HasAccuracy => true;

    public override string ToString() => "BinaryCrossEntropy";

    internal override unsafe PanelLoss Evaluate(
        float* output, float* gradient, int features, int width, int samples, Batch batch, int firstSample, float scale)
    {
        var result = default(PanelLoss);
        for (var first = 0; first < width; first += PanelBlock.MaxColumns)
        {
            var block = new PanelBlock(output, gradient, features, width, first, samples);
            if (block.Columns > 0)
            {
                var part = EvaluateBlock(block, new TargetRows(batch, firstSample + first, block.Columns), scale);
                result = new(result.Sum + part.Sum, result.Correct + part.Correct);
            }
            block.ClearPadding();
        }
        return result;
    }

    internal override void Check(in Targets targets, int outputFeatures)
    {
        if (targets.Features == 0)
            CheckLabels(in targets, outputFeatures);
        else if (targets.Features != outputFeatures)
            throw new ArgumentException($"Binary cross-entropy needs as many targets per sample as the model has outputs, {outputFeatures}, not {targets.Features} as in the {targets.Place}.");
        else
            CheckValues(in targets);
    }

    private static void CheckLabels(in Targets targets, int outputFeatures)
    {
        if (outputFeatures != 1)
        {
            throw new ArgumentException(
                $"Binary cross-entropy on a model with {outputFeatures} outputs needs {outputFeatures} target values per sample, but the {targets.Place} has class labels.");
        }
        for (var i = 0; i < targets.Labels.Length; i++)
        {
            if (targets.Labels[i] is not (0 or 1))
                throw new ArgumentException($"Sample {i} of the {targets.Place} has the label {targets.Labels[i]}: binary cross-entropy needs 0 or 1.");
        }
    }

    private static void CheckValues(in Targets targets)
    {
        for (var i = 0; i < targets.Values.Length; i++)
        {
            if (targets.Values[i] is >= 0 and <= 1)
                continue;
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Sample {i / targets.Features} of the {targets.Place} has the target {targets.Values[i]} at output {i % targets.Features}: binary cross-entropy needs values between 0 and 1."));
        }
    }

    private static PanelLoss EvaluateBlock(in PanelBlock block, TargetRows targets, float scale)
    {
        const int N = PanelBlock.MaxColumns;
        Span<float> scratch = stackalloc float[2 * N];
        Span<double> wideScratch = stackalloc double[2 * N];
        Span<bool> wrongScratch = stackalloc bool[N];
        var row = scratch[..block.Columns];
        var part = scratch.Slice(N, block.Columns);
        var sums = wideScratch[..block.Columns];
        var wide = wideScratch.Slice(N, block.Columns);
        var wrong = wrongScratch[..block.Columns];
        sums.Clear();
        wrong.Clear();
        for (var f = 0; f < block.Features; f++)
        {
            targets.Read(f, row);
            var logits = block.Output(f);
            MarkWrong(logits, row, wrong);
            WriteGradient(logits, row, block.Gradient(f), scale / block.Features);
            SoftPlus(logits, part);
            Add(part, wide, sums);
            TensorPrimitives.Multiply(logits, row, row);
            TensorPrimitives.Negate(row, row);
            Add(row, wide, sums);
        }
        return new(TensorSums.InOrder(sums) / block.Features, wrong.Count(false));
    }

    private static void MarkWrong(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<bool> wrong)
    {
        for (var c = 0; c < wrong.Length; c++)
            wrong[c] |= targets[c] > 0.5f ? !(logits[c] > 0) : !(logits[c] <= 0); // Not a number is wrong both ways.
    }

    private static void WriteGradient(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> gradient, float scale)
    {
        TensorPrimitives.Sigmoid(logits, gradient);
        TensorPrimitives.Subtract(gradient, targets, gradient);
        TensorPrimitives.Multiply(gradient, scale, gradient);
    }

    /// <summary><c>log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|))</c>.</summary>
    private static void SoftPlus(ReadOnlySpan<float> logits, Span<float> result)
    {
        TensorPrimitives.Abs(logits, result);
        TensorPrimitives.Negate(result, result);
        TensorPrimitives.Exp(result, result);
        TensorPrimitives.LogP1(result, result);
        for (var c = 0; c < result.Length; c++)
            result[c] += Math.Max(logits[c], 0);
    }

    private static void Add(ReadOnlySpan<float> values, Span<double> wide, Span<double> sums)
    {
        TensorPrimitives.ConvertTruncating<float, double>(values, wide);
        TensorPrimitives.Add(sums, wide, sums);
    }
}
