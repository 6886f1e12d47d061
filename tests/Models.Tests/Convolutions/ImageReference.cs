using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp.Models.Tests.Convolutions;

/// <summary>A batch of images <c>[samples, channels, rows, columns]</c> in double precision; vectors are images of one pixel.</summary>
internal sealed record Images(double[] Values, int Samples, int Channels, int Rows, int Columns)
{
    public static Images Of(float[] values, int channels, int rows, int columns) =>
        new(Array.ConvertAll(values, value => (double)value), values.Length / (channels * rows * columns), channels, rows, columns);

    public double this[int sample, int channel, int row, int column] =>
        Values[(((((sample * Channels) + channel) * Rows) + row) * Columns) + column];

    public Images Map(Func<double, double> function) => this with { Values = Array.ConvertAll(Values, value => function(value)) };

    public Images Relu() => Map(value => Math.Max(value, 0));

    public Images Tanh() => Map(Math.Tanh);

    public Images Sigmoid() => Map(value => 1 / (1 + Math.Exp(-value)));

    public Images Silu() => Map(value => value / (1 + Math.Exp(-value)));

    public Images Mean()
    {
        var means = new double[Samples * Channels];
        for (var i = 0; i < means.Length; i++)
            means[i] = Values.AsSpan(i * Rows * Columns, Rows * Columns).ToArray().Average();
        return new(means, Samples, Channels, 1, 1);
    }

    /// <summary>The mean loss of a classifier whose outputs the channels are.</summary>
    /// <param name="labels">A class per sample.</param>
    public double CrossEntropy(int[] labels) => Enumerable.Range(0, Samples).Average(sample =>
    {
        var row = Values[(sample * Channels)..((sample + 1) * Channels)];
        var most = row.Max();
        return Math.Log(row.Sum(value => Math.Exp(value - most))) + most - row[labels[sample]];
    });

    public static Images operator +(Images left, Images right) =>
        left with { Values = [.. left.Values.Zip(right.Values, (a, b) => a + b)] };

    public static Images operator *(Images left, Images right) =>
        left with { Values = [.. left.Values.Zip(right.Values, (a, b) => a * b)] };
}

/// <summary>The weights of a model's layers in double precision, as products use them, and what layers compute with them.</summary>
internal sealed class ImageReference
{
    public ImageReference(IEnumerable<ILayer> layers)
    {
        foreach (var layer in layers)
        {
            var weight = new float[layer.WeightCount];
            layer.Parts.Matrices[0].CopyInUse(weight);
            float[] bias = layer.Parts.Matrices[0].Bias is { } learned ? learned.Values.ToArray() : [];
            Parameters[layer] = (Array.ConvertAll(weight, value => (double)value), Array.ConvertAll(bias, value => (double)value));
        }
    }

    /// <summary>Weights <c>[rows, columns]</c> and bias of each layer.</summary>
    public Dictionary<ILayer, (double[] Weight, double[] Bias)> Parameters { get; } = [];

    public Images Linear(Linear layer, Images x)
    {
        var (weight, bias) = Parameters[layer];
        var y = new double[x.Samples * layer.Outputs];
        for (var i = 0; i < y.Length; i++)
        {
            var (sample, output) = Math.DivRem(i, layer.Outputs);
            y[i] = bias.Length > 0 ? bias[output] : 0;
            for (var input = 0; input < layer.Inputs; input++)
                y[i] += weight[(output * layer.Inputs) + input] * x.Values[(sample * layer.Inputs) + input];
        }
        return new(y, x.Samples, layer.Outputs, 1, 1);
    }

    public Images Convolve(Conv2d layer, Images x)
    {
        var (weight, bias) = Parameters[layer];
        var window = layer.Window;
        var (top, bottom) = Padding(window, x.Rows, window.KernelRows, window.StrideRows, window.DilationRows, (window.Top, window.Bottom));
        var (left, right) =
            Padding(window, x.Columns, window.KernelColumns, window.StrideColumns, window.DilationColumns, (window.Left, window.Right));
        var rows = ((x.Rows + top + bottom - (window.DilationRows * (window.KernelRows - 1)) - 1) / window.StrideRows) + 1;
        var columns = ((x.Columns + left + right - (window.DilationColumns * (window.KernelColumns - 1)) - 1) / window.StrideColumns) + 1;
        var (groupInputs, groupOutputs) = (layer.Inputs / window.Groups, layer.Outputs / window.Groups);
        var depth = window.KernelRows * window.KernelColumns * groupInputs;
        var y = new double[x.Samples * layer.Outputs * rows * columns];
        for (var i = 0; i < y.Length; i++)
        {
            var (pixel, column) = Math.DivRem(i, columns);
            (pixel, var row) = Math.DivRem(pixel, rows);
            var (sample, output) = Math.DivRem(pixel, layer.Outputs);
            y[i] = bias.Length > 0 ? bias[output] : 0;
            for (var place = 0; place < depth; place++)
            {
                var (tap, input) = Math.DivRem(place, groupInputs);
                var (kernelRow, kernelColumn) = Math.DivRem(tap, window.KernelColumns);
                var r = (row * window.StrideRows) + (kernelRow * window.DilationRows) - top;
                var c = (column * window.StrideColumns) + (kernelColumn * window.DilationColumns) - left;
                if ((uint)r < (uint)x.Rows && (uint)c < (uint)x.Columns)
                    y[i] += weight[(output * depth) + place] * x[sample, (output / groupOutputs * groupInputs) + input, r, c];
            }
        }
        return new(y, x.Samples, layer.Outputs, rows, columns);
    }

    private static (int Before, int After) Padding(
        ConvolutionWindow window, int size, int kernel, int stride, int dilation, (int Before, int After) given)
    {
        if (window.Same == SamePadding.None)
            return given;
        var all = Math.Max(0, (((size + stride - 1) / stride - 1) * stride) + (dilation * (kernel - 1)) + 1 - size);
        return window.Same == SamePadding.Upper ? (all / 2, all - (all / 2)) : (all - (all / 2), all / 2);
    }
}
