using SparseSharp.Kernels;

namespace SparseSharp.Models.Tests.Kernels;

/// <summary>The three products of a layer in double precision, from its master weights, its mask and its policy, by plain loops.</summary>
internal sealed class LayerReference
{
    private readonly double[] _weight;
    private readonly double[] _weightOfGradient;
    private readonly double[] _bias;
    private readonly GradientPattern? _gradients;

    public LayerReference(Linear layer)
    {
        Inputs = layer.Inputs;
        Outputs = layer.Outputs;
        _gradients = layer.Gradients;
        _weight = new double[Inputs * Outputs];
        _bias = new double[Outputs];
        var weight = layer.Weight;
        for (var i = 0; i < _weight.Length; i++)
            _weight[i] = layer.Mask is { } mask && !mask[i / Inputs, i % Inputs] ? 0 : weight[i];
        if (layer.Pattern is NMPattern { Policy: MaskPolicy.SoftThreshold } pattern)
            Threshold(layer, pattern.Group);
        _weightOfGradient = [.. _weight];
        for (var i = 0; layer.Matrix.SecondMask is { } second && i < _weight.Length; i++)
            _weightOfGradient[i] *= second[i / Inputs, i % Inputs] ? 1 : 0;
        for (var i = 0; i < layer.Bias.Length; i++)
            _bias[i] = layer.Bias[i];
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public double[] Forward(ReadOnlySpan<float> x)
    {
        var batch = x.Length / Inputs;
        var y = new double[batch * Outputs];
        for (var s = 0; s < batch; s++)
        {
            for (var o = 0; o < Outputs; o++)
            {
                var sum = _bias[o];
                for (var i = 0; i < Inputs; i++)
                    sum += _weight[(o * Inputs) + i] * x[(s * Inputs) + i];
                y[(s * Outputs) + o] = sum;
            }
        }
        return y;
    }

    public double[] GradInput(ReadOnlySpan<float> dy)
    {
        var batch = dy.Length / Outputs;
        var dx = new double[batch * Inputs];
        for (var s = 0; s < batch; s++)
        {
            for (var o = 0; o < Outputs; o++)
            {
                double d = dy[(s * Outputs) + o];
                for (var i = 0; i < Inputs; i++)
                    dx[(s * Inputs) + i] += d * _weightOfGradient[(o * Inputs) + i];
            }
        }
        return dx;
    }

    /// <summary>Adds what the samples <c>[first, end)</c> contribute to dense gradients of weight and bias.</summary>
    public void AddGradWeight(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int first, int end, double[] weight, double[] bias)
    {
        for (var s = first; s < end; s++)
        {
            for (var o = 0; o < Outputs; o++)
            {
                double d = dy[(s * Outputs) + o];
                bias[o] += d;
                for (var i = 0; i < Inputs; i++)
                    weight[(o * Inputs) + i] += d * x[(s * Inputs) + i];
            }
        }
    }

    /// <summary>S-STE: every kept weight loses the largest magnitude that its group drops, and all are scaled.</summary>
    private void Threshold(Linear layer, int group)
    {
        for (var first = 0; first < _weight.Length; first += group)
        {
            var dropped = 0.0;
            for (var i = first; i < first + group; i++)
                dropped = layer.Mask![i / Inputs, i % Inputs] ? dropped : Math.Max(dropped, Math.Abs(layer.Weight[i]));
            for (var i = first; i < first + group; i++)
                _weight[i] = layer.ThresholdScale * Math.Sign(_weight[i]) * Math.Max(Math.Abs(_weight[i]) - dropped, 0);
        }
    }

    /// <summary>The gradient of the weights from a pruned gradient of the output, as the first product of a model with key 0.</summary>
    public double[] PrunedGradWeight(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int batch)
    {
        var weight = new double[Inputs * Outputs];
        var gradient = new double[batch];
        for (var o = 0; o < Outputs; o++)
        {
            for (var s = 0; s < batch; s++)
                gradient[s] = dy[(s * Outputs) + o];
            MinimumVariance.PruneBatch(gradient, _gradients!, key: 0, site: 0, o);
            for (var s = 0; s < batch; s++)
            {
                for (var i = 0; i < Inputs; i++)
                    weight[(o * Inputs) + i] += gradient[s] * x[(s * Inputs) + i];
            }
        }
        return weight;
    }
}
