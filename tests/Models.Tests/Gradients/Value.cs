using SparseSharp.Numerics;

namespace SparseSharp.Models.Tests.Gradients;

/// <summary>
/// The language of models, run in double precision by plain loops: one number per sample and feature. Nothing here is shared with the
/// passes that it checks but the random bits of dropout.
/// </summary>
internal sealed class Value(Reference run, double[] numbers)
{
    private const double GeluScale = 0.79788456080286535588; // √(2/π)

    public double[] Numbers => numbers;

    private int Features => numbers.Length / run.Batch;

    public Value Through(Linear layer)
    {
        var (weight, bias) = run.Parameters[layer];
        Assert.Equal(layer.Inputs, Features);
        var y = new double[run.Batch * layer.Outputs];
        for (var s = 0; s < run.Batch; s++)
        {
            var x = numbers.AsSpan(s * layer.Inputs, layer.Inputs);
            for (var o = 0; o < layer.Outputs; o++)
            {
                var row = weight.AsSpan(o * layer.Inputs, layer.Inputs);
                var sum = bias.Length > 0 ? bias[o] : 0;
                for (var i = 0; i < row.Length; i++)
                    sum += row[i] * x[i];
                y[(s * layer.Outputs) + o] = sum;
            }
        }
        return new Value(run, y);
    }

    /// <summary>A nested model is the body of its <c>Forward</c>.</summary>
    public Value Through<TModel>(TModel model, Func<TModel, Value, Value> body) => body(model, this);

    public Value Relu() => Map(x => Math.Max(x, 0));

    public Value Gelu() => Map(x => 0.5 * x * (1 + Math.Tanh(GeluScale * (x + (0.044715 * x * x * x)))));

    public Value Silu() => Map(x => x / (1 + Math.Exp(-x)));

    public Value Tanh() => Map(Math.Tanh);

    public Value Sigmoid() => Map(x => 1 / (1 + Math.Exp(-x)));

    public Value Dropout(float probability)
    {
        if (probability == 0 || run.RandomKey is not { } key)
            return this;
        var site = run.NextDropoutSite();
        var y = new double[numbers.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var (sample, feature) = ((uint)(i / Features), (uint)(i % Features));
            var (a, b, c, d) = Philox.Next(key, sample / 4, feature, site, (uint)Philox.Purpose.Dropout);
            var uniform = (sample % 4) switch { 0 => a, 1 => b, 2 => c, _ => d } / 4294967296.0;
            y[i] = uniform < probability ? 0 : numbers[i] / (1 - (double)probability);
        }
        return new Value(run, y);
    }

    /// <summary>Groups along the features: the N largest magnitudes are kept, of equal ones those with the lowest index.</summary>
    public Value KeepLargest(int keep, int group)
    {
        var y = new double[numbers.Length];
        for (var first = 0; first < y.Length; first += group)
        {
            foreach (var i in Enumerable.Range(first, group).OrderByDescending(i => Math.Abs(numbers[i])).ThenBy(i => i).Take(keep))
                y[i] = numbers[i];
        }
        return new Value(run, y);
    }

    /// <summary>An operation on all features of a sample.</summary>
    public Value Rows(Func<double[], double[]> function) => new(run, [.. Samples().SelectMany(function)]);

    /// <summary>An operation on all features of a sample of two values.</summary>
    public Value Rows(Value other, Func<double[], double[], double[]> function) =>
        new(run, [.. Samples().Zip(other.Samples(), function).SelectMany(values => values)]);

    /// <summary>One of several inputs.</summary>
    public Value Part(int first, int features) => Rows(values => values[first..(first + features)]);

    /// <summary>Several outputs.</summary>
    public Value Join(Value other) => Rows(other, (first, second) => [.. first, .. second]);

    public static Value operator +(Value left, Value right) => left.Zip(right, (a, b) => a + b);

    public static Value operator +(Value value, double constant) => value.Map(x => x + constant);

    public static Value operator +(double constant, Value value) => value + constant;

    public static Value operator -(Value left, Value right) => left.Zip(right, (a, b) => a - b);

    public static Value operator -(Value value, double constant) => value.Map(x => x - constant);

    public static Value operator -(double constant, Value value) => value.Map(x => constant - x);

    public static Value operator -(Value value) => value.Map(x => -x);

    public static Value operator /(Value value, double constant) => value.Map(x => x / constant);

    public static Value operator *(Value left, Value right) => left.Zip(right, (a, b) => a * b);

    public static Value operator *(Value value, double constant) => value.Map(x => x * constant);

    public static Value operator *(double constant, Value value) => value * constant;

    public Value Map(Func<double, double> function) => new(run, Array.ConvertAll(numbers, x => function(x)));

    private IEnumerable<double[]> Samples() => numbers.Chunk(Features);

    private Value Zip(Value other, Func<double, double, double> function) =>
        new(run, [.. numbers.Zip(other.Numbers, function)]);
}
