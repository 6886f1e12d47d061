using SparseSharp.Convolutions;

namespace SparseSharp.Runtime.Tests.Convolutions;

/// <summary>The three products of a convolution as sums of doubles over images <c>[samples, channels, rows, columns]</c>.</summary>
internal sealed class ConvolutionReference(ConvolutionShape shape, int samples, float[] weight)
{
    /// <summary>The output, and the sum of the magnitudes of what was added: rounding errors are relative to it.</summary>
    public (double[] Values, double[] Magnitudes) Forward(float[] x)
    {
        var sums = new Sums(samples * shape.Outputs * shape.Output.Area);
        ForEach((y, w, input) => sums.Add(y, (double)weight[w] * x[input]));
        return sums.Result;
    }

    /// <summary>The gradient of the input.</summary>
    public (double[] Values, double[] Magnitudes) GradInput(float[] dy)
    {
        var sums = new Sums(samples * shape.Inputs * shape.Image.Area);
        ForEach((y, w, input) => sums.Add(input, (double)weight[w] * dy[y]));
        return sums.Result;
    }

    /// <summary>The gradient of all weights.</summary>
    public (double[] Values, double[] Magnitudes) GradWeight(float[] x, float[] dy)
    {
        var sums = new Sums(weight.Length);
        ForEach((y, w, input) => sums.Add(w, (double)dy[y] * x[input]));
        return sums.Result;
    }

    /// <summary>Every product of a weight and an input pixel, as positions of output, weight and input.</summary>
    private void ForEach(Action<int, int, int> product)
    {
        for (var sample = 0; sample < samples; sample++)
        {
            for (var output = 0; output < shape.Outputs; output++)
            {
                for (var row = 0; row < shape.Output.Rows; row++)
                {
                    for (var column = 0; column < shape.Output.Columns; column++)
                        ForPixel(sample, output, row, column, product);
                }
            }
        }
    }

    private void ForPixel(int sample, int output, int row, int column, Action<int, int, int> product)
    {
        var y = ((((sample * shape.Outputs) + output) * shape.Output.Rows) + row) * shape.Output.Columns + column;
        for (var tap = 0; tap < shape.Taps; tap++)
        {
            var inputRow = (row * shape.Stride.Rows) + (tap / shape.Kernel.Columns * shape.Dilation.Rows) - shape.Padding.Top;
            var inputColumn = (column * shape.Stride.Columns) + (tap % shape.Kernel.Columns * shape.Dilation.Columns) - shape.Padding.Left;
            if ((uint)inputRow >= (uint)shape.Image.Rows || (uint)inputColumn >= (uint)shape.Image.Columns)
                continue;
            for (var channel = 0; channel < shape.GroupInputs; channel++)
            {
                var input = (output / shape.GroupOutputs * shape.GroupInputs) + channel;
                product(
                    y, (output * shape.Columns) + (tap * shape.GroupInputs) + channel,
                    ((((sample * shape.Inputs) + input) * shape.Image.Rows) + inputRow) * shape.Image.Columns + inputColumn);
            }
        }
    }

    private sealed class Sums(int count)
    {
        private readonly double[] _values = new double[count];
        private readonly double[] _magnitudes = new double[count];

        public (double[] Values, double[] Magnitudes) Result => (_values, _magnitudes);

        public void Add(int position, double value)
        {
            _values[position] += value;
            _magnitudes[position] += Math.Abs(value);
        }
    }
}
