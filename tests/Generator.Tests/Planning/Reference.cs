using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>Weights and biases of a model in double precision.</summary>
internal sealed class Parameters
{
    private readonly (double[,] Weight, double[] Bias)[] _layers;

    public Parameters(IEnumerable<LayerSpec> layers, Random random)
    {
        _layers = [.. layers.Select(
            layer => (Weight(layer), Enumerable.Range(0, layer.Kind.Outputs).Select(_ => random.NextDouble() - 0.5).ToArray()))];

        double[,] Weight(LayerSpec layer)
        {
            var weight = new double[layer.Kind.Outputs, layer.Kind.Inputs];
            for (var o = 0; o < layer.Kind.Outputs; o++)
            {
                for (var i = 0; i < layer.Kind.Inputs; i++)
                    weight[o, i] = (random.NextDouble() - 0.5) * 2 / Math.Sqrt(layer.Kind.Inputs);
            }
            return weight;
        }
    }

    public ref double this[int layer, int output, int input] => ref _layers[layer].Weight[output, input];

    public double[] Apply(int layer, double[] x)
    {
        var (weight, bias) = _layers[layer];
        return [.. Enumerable.Range(0, bias.Length).Select(o => bias[o] + x.Select((value, i) => weight[o, i] * value).Sum())];
    }

    public double[] ApplyTransposed(int layer, double[] dy)
    {
        var weight = _layers[layer].Weight;
        return [.. Enumerable.Range(0, weight.GetLength(1)).Select(i => dy.Select((value, o) => weight[o, i] * value).Sum())];
    }
}

/// <summary>The meaning of a graph: evaluated node by node, every value in memory of its own.</summary>
internal static class Reference
{
    /// <summary>The output of a graph for one sample.</summary>
    public static double[] Evaluate(GraphSpec graph, Parameters parameters, double[] input, bool training)
    {
        var values = new double[graph.Nodes.Count][];
        var needed = Needed(graph);
        var site = 0;
        for (var index = 0; index < values.Length; index++)
        {
            var node = graph.Nodes[index];
            if (!needed[index])
                continue;
            var operands = node.Operands.Select(operand => values[operand]).ToArray();
            values[index] = node.Operation switch
            {
                Input => input,
                LinearProduct product => parameters.Apply(product.Layer, operands[0]),
                Add => Zip(operands[0], operands[1], (a, b) => a + b),
                Subtract => Zip(operands[0], operands[1], (a, b) => a - b),
                Multiply => Zip(operands[0], operands[1], (a, b) => a * b),
                Blend => Blend.Of(operands[0], operands[1], operands[2]),
                Scale scale => Array.ConvertAll(operands[0], x => x * scale.Factor),
                Shift shift => Array.ConvertAll(operands[0], x => x + shift.Term),
                Dropout { Probability: > 0 } dropout when training =>
                    Zip(operands[0], Keep(site++, dropout.Probability, operands[0].Length), (a, b) => a * b),
                Dropout => operands[0],
                Activate activate => Activate(activate.Kind, operands[0]),
                var other => throw new NotSupportedException(other.Name),
            };
        }
        return values[^1];
    }

    public static double[] Activate(ActivationKind kind, double[] x) => Array.ConvertAll(x, value => Activate(kind, value));

    /// <summary>The derivative from what is saved: the input for GELU and SiLU, the output for the others.</summary>
    public static double Derivative(ActivationKind kind, double saved)
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                return saved > 0 ? 1 : 0;
            case ActivationKind.Tanh:
                return 1 - (saved * saved);
            case ActivationKind.Sigmoid:
                return saved * (1 - saved);
            default:
                const double step = 1e-5;
                return (Activate(kind, saved + step) - Activate(kind, saved - step)) / (2 * step);
        }
    }

    /// <summary>Multipliers of a dropout: about the wanted share is 0, the same at each call.</summary>
    public static double[] Keep(int site, float probability, int features) =>
        [.. Enumerable.Range(0, features).Select(row => ((row * 7) + (site * 3) + 1) % 10 < probability * 10
            ? 0
            : 1 / (1 - (double)probability))];

    public static double[] Zip(double[] a, double[] b, Func<double, double, double> combine) => [.. a.Zip(b, combine)];

    public static void AddOuter(double[,] target, double[] dy, double[] x, bool accumulate)
    {
        for (var o = 0; o < dy.Length; o++)
        {
            for (var i = 0; i < x.Length; i++)
                target[o, i] = (accumulate ? target[o, i] : 0) + (dy[o] * x[i]);
        }
    }

    private static double Activate(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Gelu => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        ActivationKind.Silu => x / (1 + Math.Exp(-x)),
        _ => x,
    };

    private static bool[] Needed(GraphSpec graph)
    {
        var needed = new bool[graph.Nodes.Count];
        needed[^1] = true;
        for (var index = needed.Length - 1; index >= 0; index--)
        {
            foreach (var operand in graph.Nodes[index].Operands.Where(_ => needed[index]))
                needed[operand] = true;
        }
        return needed;
    }
}
