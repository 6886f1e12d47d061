namespace SparseSharp.Models.Tests.Precision;

/// <summary>
/// A training pass of the networks in bfloat16 by plain loops in double precision: a float is rounded wherever a layer takes it as an
/// operand, and nowhere else. Central differences would not do: the rounding has no derivative, and the passes take it as 1.
/// </summary>
internal static class RoundedReference
{
    private const double GeluScale = 0.79788456080286535588; // √(2/π)

    /// <summary>
    /// The gradients <c>[out, in]</c> of the weights under the mean squared error: relu, tanh, gelu, and a last layer in float32.
    /// </summary>
    /// <param name="layers">The layers, in a chain.</param>
    /// <param name="batch">Samples and targets.</param>
    /// <param name="rounds">Whether operands are rounded; else only weights are.</param>
    public static double[][] Gradients(IReadOnlyList<Linear> layers, Batch batch, bool rounds)
    {
        var inputs = new double[layers.Count][];
        var sums = new double[layers.Count][];
        var value = Array.ConvertAll(batch.Inputs.ToArray(), x => (double)x);
        for (var i = 0; i < layers.Count; i++)
        {
            inputs[i] = rounds ? Rounded(layers[i], value) : value;
            sums[i] = Forward(layers[i], inputs[i], batch.Count);
            value = Array.ConvertAll(sums[i], z => Activation(i, z));
        }

        var gradients = new double[layers.Count][];
        var scale = 2.0 / (layers[^1].Outputs * (double)batch.Count);
        var targets = batch.Targets.ToArray();
        var slope = value.Select((y, i) => scale * (y - targets[i])).ToArray();
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            slope = rounds ? Rounded(layers[i], slope) : slope;
            gradients[i] = Outer(layers[i], inputs[i], slope, batch.Count);
            if (i == 0)
                break;
            slope = Backward(layers[i], slope, batch.Count);
            for (var n = 0; n < slope.Length; n++)
                slope[n] *= Derivative(i - 1, sums[i - 1][n], inputs[i][n]);
        }
        return gradients;
    }

    private static double Activation(int layer, double z) => layer switch
    {
        0 => Math.Max(z, 0),
        1 => Math.Tanh(z),
        2 => 0.5 * z * (1 + Math.Tanh(GeluScale * (z + (0.044715 * z * z * z)))),
        _ => z,
    };

    /// <summary>From what is stored: the rounded output of tanh, the sum of GELU.</summary>
    private static double Derivative(int layer, double z, double stored)
    {
        if (layer == 0)
            return z > 0 ? 1 : 0;
        if (layer == 1)
            return 1 - (stored * stored);
        const double step = 1e-5;
        return (Activation(layer, z + step) - Activation(layer, z - step)) / (2 * step);
    }

    private static double[] Rounded(Linear layer, double[] values) =>
        layer.Bfloat16 == Bfloat16Use.WeightsAndActivations ? Array.ConvertAll(values, value => (double)(BFloat16)(float)value) : values;

    private static double[] Forward(Linear layer, double[] x, int samples)
    {
        var weight = InUse(layer);
        var y = new double[samples * layer.Outputs];
        for (var n = 0; n < y.Length; n++)
        {
            var (s, o) = Math.DivRem(n, layer.Outputs);
            y[n] = layer.Bias[o];
            for (var i = 0; i < layer.Inputs; i++)
                y[n] += weight[(o * layer.Inputs) + i] * x[(s * layer.Inputs) + i];
        }
        return y;
    }

    private static double[] Backward(Linear layer, double[] dy, int samples)
    {
        var weight = InUse(layer);
        var dx = new double[samples * layer.Inputs];
        for (var n = 0; n < dx.Length; n++)
        {
            var (s, i) = Math.DivRem(n, layer.Inputs);
            for (var o = 0; o < layer.Outputs; o++)
            {
                if (layer.Matrix.SecondMask is not { } second || second[o, i])
                    dx[n] += weight[(o * layer.Inputs) + i] * dy[(s * layer.Outputs) + o];
            }
        }
        return dx;
    }

    private static double[] Outer(Linear layer, double[] x, double[] dy, int samples)
    {
        var gradient = new double[layer.Inputs * layer.Outputs];
        for (var n = 0; n < gradient.Length; n++)
        {
            var (o, i) = Math.DivRem(n, layer.Inputs);
            for (var s = 0; s < samples; s++)
                gradient[n] += dy[(s * layer.Outputs) + o] * x[(s * layer.Inputs) + i];
        }
        return gradient;
    }

    private static float[] InUse(Linear layer)
    {
        var weight = new float[layer.Inputs * layer.Outputs];
        layer.CopyEffectiveWeight(weight);
        Assert.All(weight, value => Assert.True(layer.Bfloat16 == Bfloat16Use.None || value == (BFloat16)value));
        return weight;
    }
}
