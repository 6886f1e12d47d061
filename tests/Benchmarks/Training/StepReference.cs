using System.Numerics.Tensors;
using SparseSharp.Benchmarks.Products;
using SparseSharp.Kernels;

namespace SparseSharp.Benchmarks.Training;

/// <summary>
/// The gradients of a chain of linear layers with ReLU between them and softmax cross-entropy behind, in double precision.
/// </summary>
internal sealed class StepReference
{
    private readonly IReadOnlyList<Linear> _layers;
    private readonly WideMatrix[] _weights;
    private readonly WideMatrix[] _inputs;
    private readonly WideMatrix[] _gradients;

    /// <param name="layers">The layers in order.</param>
    /// <param name="batch">Samples with class labels.</param>
    public StepReference(IReadOnlyList<Linear> layers, Batch batch)
    {
        _layers = layers;
        _weights = [.. layers.Select(WideMatrix.WeightOf)];
        _inputs = new WideMatrix[layers.Count];
        _gradients = new WideMatrix[layers.Count];
        var values = WideMatrix.From(batch.Inputs, batch.Features);
        for (var i = 0; i < layers.Count; i++)
        {
            _inputs[i] = values;
            values = Forward(i, values);
        }
        LossGradient(values, batch.Labels);
        _gradients[^1] = values;
        for (var i = layers.Count - 1; i > 0; i--)
            _gradients[i - 1] = Backward(i);
    }

    /// <summary>The largest error of the weight and bias gradients that the layers hold now.</summary>
    public double GradientError()
    {
        var worst = 0.0;
        for (var i = 0; i < _layers.Count; i++)
            worst = Math.Max(worst, Math.Max(WeightError(i), BiasError(i)));
        return worst;
    }

    private WideMatrix Forward(int index, WideMatrix x)
    {
        var y = new WideMatrix(x.Rows, _layers[index].Outputs);
        var bias = WideMatrix.From(_layers[index].Bias, _layers[index].Outputs);
        for (var sample = 0; sample < x.Rows; sample++)
        {
            _weights[index].MultiplyTransposed(x[sample], y[sample]);
            TensorPrimitives.Add<double>(y[sample], bias[0], y[sample]);
            if (index < _layers.Count - 1)
                TensorPrimitives.Max(y[sample], 0, y[sample]);
        }
        return y;
    }

    /// <summary>From logits to the gradient of the mean loss with respect to them, in place.</summary>
    private static void LossGradient(WideMatrix logits, ReadOnlySpan<int> labels)
    {
        for (var sample = 0; sample < logits.Rows; sample++)
        {
            var row = logits[sample];
            TensorPrimitives.SoftMax<double>(row, row);
            row[labels[sample]] -= 1;
            TensorPrimitives.Divide(row, logits.Rows, row);
        }
    }

    /// <summary>The gradient of the output of the layer before.</summary>
    private WideMatrix Backward(int index)
    {
        var x = _inputs[index];
        var dx = new WideMatrix(x.Rows, x.Columns);
        for (var sample = 0; sample < x.Rows; sample++)
        {
            _weights[index].Multiply(_gradients[index][sample], dx[sample]);
            for (var i = 0; i < x.Columns; i++)
            {
                if (x[sample][i] <= 0)
                    dx[sample][i] = 0;
            }
        }
        return dx;
    }

    private double WeightError(int index)
    {
        var layer = _layers[index];
        var actual = new float[layer.Outputs * layer.Inputs];
        layer.Matrix.Export(layer.Matrix.Parameter.Gradient, actual);
        var expected = new double[layer.Inputs];
        var error = new ReferenceError();
        foreach (var row in WideMatrix.Sample(layer.Outputs))
        {
            var gradient = _gradients[index].Column(row);

            // The first step has key 0, and weight gradients are computed from the last layer to the first.
            if (layer.Gradients is { } pattern)
                MinimumVariance.PruneBatch(gradient, pattern, key: 0, site: _layers.Count - 1 - index, row);
            _inputs[index].Multiply(gradient, expected);
            if (layer.Matrix.IsPacked)
                WideMatrix.Apply(layer.Mask!, row, expected);
            error.Add(expected, actual.AsSpan(row * layer.Inputs, layer.Inputs));
        }
        return error.Value;
    }

    private double BiasError(int index)
    {
        var expected = new double[_layers[index].Outputs];
        for (var sample = 0; sample < _gradients[index].Rows; sample++)
            TensorPrimitives.Add<double>(expected, _gradients[index][sample], expected);
        var error = new ReferenceError();
        error.Add(expected, _layers[index].Weights.Bias!.Parameter.Gradient);
        return error.Value;
    }
}
