using System.Globalization;
using System.Numerics.Tensors;
using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>
/// Softmax cross-entropy with label smoothing ε over K classes: <c>lse(x) - (1-ε)·x[label] - ε/K·Σx</c>, everything relative to the largest
/// output of the column, so nothing overflows. The gradient of a sample is <c>softmax(x) - target</c>.
/// </summary>
/// <remarks>
/// With class weights, or distributions as targets, it is <c>Σu·lse(x) - Σ u·x</c> with <c>u = w·target</c>, and the gradient
/// <c>Σu·softmax(x) - u</c>.
/// </remarks>
internal sealed class SoftmaxCrossEntropyLoss : ColumnLoss
{
    /// <summary>How far the sum of a distribution may be from 1: more than rounding to float32 does to many classes.</summary>
    private const double Tolerance = 1e-3;

    private readonly float _smoothing;
    private readonly float[] _classWeights;
    private readonly int? _ignored;

    public SoftmaxCrossEntropyLoss(double labelSmoothing, ReadOnlySpan<double> classWeights, int? ignore)
    {
        _smoothing = Ranges.ShareSingle(labelSmoothing);
        _classWeights = LossWeights.Of(classWeights);
        _ignored = ignore;
    }

    public override bool HasAccuracy => true;

    public override string ToString() => LossWeights.Describe(
        "SoftmaxCrossEntropy",
        ("labelSmoothing", _smoothing == 0 ? null : _smoothing),
        ("classWeights", LossWeights.Text(_classWeights)),
        ("ignore", _ignored));

    public override double Weight(Target target) =>
        !target.IsLabel ? 1 : target.Label == _ignored ? 0 : _classWeights.Length == 0 ? 1 : _classWeights[target.Label];

    public override string? Fault(Target target, int outputs) =>
        !target.IsLabel ? DistributionFault(target, outputs) : target.Label == _ignored ? null : LabelFault(target.Label, outputs);

    internal override void CheckOutputs(int outputs) => LossWeights.Check(_classWeights, outputs, this, "class weights");

    private protected override PanelLoss EvaluateBlock(in PanelBlock block, TargetRows targets, float scale)
    {
        Span<float> scratch = stackalloc float[2 * PanelBlock.MaxColumns];
        var largest = scratch[..block.Columns];
        var sum = scratch.Slice(PanelBlock.MaxColumns, block.Columns);
        block.Output(0).CopyTo(largest);
        for (var f = 1; f < block.Features; f++)
            TensorPrimitives.Max(largest, block.Output(f), largest);
        return targets.AreLabels && _classWeights.Length == 0
            ? EvaluateLabels(in block, targets.Labels, largest, sum, scale)
            : EvaluateShares(in block, targets, largest, sum, scale);
    }

    /// <summary>A label per sample, and classes with equal weights.</summary>
    private PanelLoss EvaluateLabels(
        in PanelBlock block, ReadOnlySpan<int> labels, ReadOnlySpan<float> largest, Span<float> sum, float scale)
    {
        Span<float> scratch = stackalloc float[PanelBlock.MaxColumns];
        var shifted = scratch[..block.Columns];

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

        var result = SumLosses(in block, labels, largest, sum, shifted);
        WriteGradient(in block, labels, sum, scale);
        return result;
    }

    private PanelLoss SumLosses(
        in PanelBlock block, ReadOnlySpan<int> labels, ReadOnlySpan<float> largest, ReadOnlySpan<float> sum, ReadOnlySpan<float> shifted)
    {
        var total = 0.0;
        var (correct, samples) = (0, 0);
        for (var c = 0; c < labels.Length; c++)
        {
            if (labels[c] == _ignored)
                continue;
            samples++;
            var chosen = block.Output(labels[c])[c];
            total += Math.Log(
                sum[c]) - ((1.0 - _smoothing) * ((double)chosen - largest[c])) - (_smoothing * (double)shifted[c] / block.Features);
            if (IsPrediction(in block, c, labels[c], largest[c]))
                correct++;
        }
        return new(total, samples, correct, samples);
    }

    /// <summary>Whether a class has the largest output, and no class before it has: on ties the lowest class is the prediction.</summary>
    private static bool IsPrediction(in PanelBlock block, int column, int label, float largest)
    {
        if (block.Output(label)[column] != largest)
            return false;
        for (var f = 0; f < label; f++)
        {
            if (block.Output(f)[column] == largest)
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
        {
            if (labels[c] == _ignored)
                block.ClearGradient(c);
            else
                block.Gradient(labels[c])[c] -= peak;
        }
    }

    /// <summary>A share of the target for each class, times the weight of the class.</summary>
    private PanelLoss EvaluateShares(in PanelBlock block, TargetRows targets, ReadOnlySpan<float> largest, Span<float> sum, float scale)
    {
        const int N = PanelBlock.MaxColumns;
        Span<float> scratch = stackalloc float[2 * N];
        Span<double> wideScratch = stackalloc double[3 * N];
        var shares = scratch[..block.Columns];
        var row = scratch.Slice(N, block.Columns);
        var mass = wideScratch[..block.Columns];
        var product = wideScratch.Slice(N, block.Columns);
        var wide = wideScratch.Slice(2 * N, block.Columns);
        sum.Clear();
        mass.Clear();
        product.Clear();
        for (var f = 0; f < block.Features; f++)
        {
            ReadShares(targets, f, block.Features, shares);
            TensorSums.Add(shares, wide, mass);
            TensorPrimitives.Subtract(block.Output(f), largest, row);
            TensorPrimitives.Multiply(shares, row, shares);
            TensorSums.Add(shares, wide, product);
            var exponentials = block.Gradient(f);
            TensorPrimitives.Exp(row, exponentials);
            TensorPrimitives.Add(sum, exponentials, sum);
        }

        var result = SumShares(in block, targets, largest, sum, mass, product);
        for (var c = 0; c < block.Columns; c++)
            row[c] = (float)(scale * mass[c] / sum[c]);
        for (var f = 0; f < block.Features; f++)
        {
            ReadShares(targets, f, block.Features, shares);
            TensorPrimitives.Multiply(shares, -scale, shares);
            TensorPrimitives.MultiplyAdd(block.Gradient(f), row, shares, block.Gradient(f));
        }
        for (var c = 0; c < targets.Labels.Length; c++)
        {
            if (targets.Labels[c] == _ignored)
                block.ClearGradient(c);
        }
        return result;
    }

    /// <summary>The targets of a class as they count: smoothed, and times its weight.</summary>
    private void ReadShares(TargetRows targets, int feature, int features, Span<float> shares)
    {
        targets.ReadShares(feature, shares);
        if (_smoothing != 0)
        {
            TensorPrimitives.Multiply(shares, 1 - _smoothing, shares);
            TensorPrimitives.Add(shares, _smoothing / features, shares);
        }
        if (_classWeights.Length > 0)
            TensorPrimitives.Multiply(shares, _classWeights[feature], shares);
    }

    private PanelLoss SumShares(
        in PanelBlock block, TargetRows targets, ReadOnlySpan<float> largest, ReadOnlySpan<float> sum,
        ReadOnlySpan<double> mass, ReadOnlySpan<double> product)
    {
        var result = default(PanelLoss);
        for (var c = 0; c < block.Columns; c++)
        {
            var target = targets[c];
            if (target.IsLabel && target.Label == _ignored)
                continue;
            var weight = Weight(target);
            var label = target.IsLabel ? target.Label : TensorPrimitives.IndexOfMax(target.Values);
            var counts = weight != 0;
            var isCorrect = counts && IsPrediction(in block, c, label, largest[c]);
            result += new PanelLoss((mass[c] * Math.Log(sum[c])) - product[c], weight, isCorrect ? 1 : 0, counts ? 1 : 0);
        }
        return result;
    }

    private static string? DistributionFault(Target target, int outputs)
    {
        var values = target.Values;
        if (values.Length != outputs)
        {
            return $"has {values.Length} target values, but softmax cross-entropy needs a class label, or a distribution: "
                + $"a value for each of the {outputs} outputs of the model";
        }
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0))
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"has the target {values[i]} at output {i}: the values of a distribution are at least 0");
            }
            sum += values[i];
        }
        return Math.Abs(sum - 1) <= Tolerance
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"has target values with the sum {sum}, but those of a distribution sum up to 1: divide them by their sum");
    }
}
