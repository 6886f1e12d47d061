using System.Globalization;
using System.Numerics.Tensors;

namespace SparseSharp.Training;

/// <summary>
/// Binary cross-entropy on logits, the mean over the features of a sample: <c>max(x, 0) - x·t + log(1 + exp(-|x|))</c>, which overflows for
/// no x. The gradient is <c>(sigmoid(x) - t) / features</c>. A sample is correct if every output is on the side of 0 that its target is on
/// of 1/2.
/// </summary>
/// <remarks>
/// With weights <c>p</c> of positive targets it is <c>p·t·softplus(-x) + (1-t)·softplus(x)</c>, and the gradient <c>(1 +
/// (p-1)·t)·sigmoid(x) - p·t</c>.
/// </remarks>
internal sealed class BinaryCrossEntropyLoss(ReadOnlySpan<double> positiveWeights, int? ignore) : ColumnLoss
{
    private readonly float[] _positiveWeights = LossWeights.Of(positiveWeights);
    private readonly int? _ignored = ignore;

    public override bool HasAccuracy => true;

    public override string ToString() =>
        LossWeights.Describe("BinaryCrossEntropy", ("positiveWeights", LossWeights.Text(_positiveWeights)), ("ignore", _ignored));

    public override double Weight(Target target) => IsIgnored(target) ? 0 : 1;

    public override string? Fault(Target target, int outputs) =>
        IsIgnored(target) ? null
        : target.IsLabel ? BinaryFault(target.Label, outputs)
        : ValuesFault(target, outputs) ?? ShareFault(target.Values);

    internal override void CheckOutputs(int outputs) => LossWeights.Check(_positiveWeights, outputs, this, "positive weights");

    private protected override PanelLoss EvaluateBlock(in PanelBlock block, TargetRows targets, float scale)
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
            MarkWrong(block.Output(f), row, wrong);
            if (_positiveWeights.Length > 0)
                AddWeighted(block.Output(f), row, _positiveWeights[f], block.Gradient(f), scale / block.Features, part, wide, sums);
            else
                Add(block.Output(f), row, block.Gradient(f), scale / block.Features, part, wide, sums);
        }
        var samples = block.Columns - LeaveOutIgnored(in block, targets.Labels, sums, wrong);
        return new(TensorSums.InOrder(sums) / block.Features, samples, wrong.Count(false), samples);
    }

    /// <summary>Takes loss, gradient and prediction of ignored samples away; returns their number.</summary>
    private int LeaveOutIgnored(in PanelBlock block, ReadOnlySpan<int> labels, Span<double> sums, Span<bool> wrong)
    {
        var count = 0;
        for (var c = 0; c < labels.Length; c++)
        {
            if (labels[c] != _ignored)
                continue;
            (sums[c], wrong[c]) = (0, true);
            block.ClearGradient(c);
            count++;
        }
        return count;
    }

    private bool IsIgnored(Target target) => target.IsLabel && target.Label == _ignored;

    private static string? BinaryFault(int label, int outputs) => outputs != 1
        ? $"has a class label, but binary cross-entropy needs {outputs} target values, as many as the model has outputs"
        : label is 0 or 1 ? null : $"has the label {label}: binary cross-entropy needs 0 or 1";

    private static string? ShareFault(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is >= 0 and <= 1)
                continue;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"has the target {values[i]} at output {i}: binary cross-entropy needs values between 0 and 1");
        }
        return null;
    }

    private static void MarkWrong(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<bool> wrong)
    {
        for (var c = 0; c < wrong.Length; c++)
            wrong[c] |= targets[c] > 0.5f ? !(logits[c] > 0) : !(logits[c] <= 0); // Not a number is wrong both ways.
    }

    /// <summary>
    /// Adds the losses of one output to <paramref name="sums"/> and writes its gradients. Scratch and targets are overwritten.
    /// </summary>
    private static void Add(
        ReadOnlySpan<float> logits, Span<float> targets, Span<float> gradient, float scale,
        Span<float> part, Span<double> wide, Span<double> sums)
    {
        TensorPrimitives.Sigmoid(logits, gradient);
        TensorPrimitives.Subtract(gradient, targets, gradient);
        TensorPrimitives.Multiply(gradient, scale, gradient);
        SoftPlus(logits, part);
        TensorSums.Add(part, wide, sums);
        TensorPrimitives.Multiply(logits, targets, targets);
        TensorPrimitives.Negate(targets, targets);
        TensorSums.Add(targets, wide, sums);
    }

    /// <summary>As <see cref="Add"/>, with a factor on the part of positive targets.</summary>
    private static void AddWeighted(
        ReadOnlySpan<float> logits, Span<float> targets, float weight, Span<float> gradient, float scale,
        Span<float> part, Span<double> wide, Span<double> sums)
    {
        Span<float> scratch = stackalloc float[PanelBlock.MaxColumns];
        var factor = scratch[..targets.Length];
        TensorPrimitives.Multiply(targets, weight, factor);
        // Of negative targets: (1-t)·softplus(x).
        TensorPrimitives.Subtract(1, targets, targets);
        SoftPlus(logits, part);
        TensorPrimitives.Multiply(part, targets, part);
        TensorSums.Add(part, wide, sums);
        // Of positive ones: p·t·softplus(-x).
        TensorPrimitives.Negate(logits, gradient);
        SoftPlus(gradient, part);
        TensorPrimitives.Multiply(part, factor, part);
        TensorSums.Add(part, wide, sums);
        TensorPrimitives.Sigmoid(logits, gradient);
        TensorPrimitives.Add(targets, factor, targets);
        TensorPrimitives.Multiply(gradient, targets, gradient);
        TensorPrimitives.Subtract(gradient, factor, gradient);
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
}
