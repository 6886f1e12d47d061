using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Normalisation;
using SparseSharp.Runtime.Tests.Images;
using SparseSharp.Settings;

namespace SparseSharp.Runtime.Tests.Onnx;

/// <summary>The operator tests of ONNX, where they are present: operations on images give what those tests say.</summary>
public sealed class OnnxOperatorTests
{
    /// <summary>Relative, as the runner of ONNX compares.</summary>
    private const double Tolerance = 1e-3;

    private static readonly Lazy<IReadOnlyList<OnnxTest>> _tests = new(OnnxTest.All);

    [SkippableFact]
    public void Convolutions() => Check(least: 17, test => test.Operator == "Conv" && IsOfImages(test), Convolve);

    [SkippableFact]
    public void Maxima() => Check(least: 5, test => test.Operator == "MaxPool" && IsOfImages(test) && HasWindow(test), Pool);

    [SkippableFact]
    public void Means() => Check(least: 7, test => test.Operator == "AveragePool" && IsOfImages(test) && HasWindow(test), Pool);

    [SkippableFact]
    public void Whole_images() =>
        Check(least: 4, test => test.Operator is "GlobalAveragePool" or "GlobalMaxPool" && IsOfImages(test), PoolAll);

    [SkippableFact]
    public void Normalisations() => Check(
        least: 4, test => test.Operator == "BatchNormalization" && IsOfImages(test) && test.Number("training_mode", 0) == 0, Normalise);

    private static void Check(int least, Func<OnnxTest, bool> isOurs, Func<OnnxTest, float[]> run)
    {
        Skip.If(_tests.Value.Count == 0, "There is no shared/data/onnx here or above.");
        var tests = _tests.Value.Where(isOurs).ToArray();
        Assert.True(tests.Length >= least, $"Only {tests.Length} tests: {string.Join(", ", tests.Select(test => test.Name))}");
        Assert.All(tests, test =>
        {
            var (expected, actual) = (test.Outputs[0]!.Values, run(test));
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                var isClose = Math.Abs(expected[i] - actual[i]) <= (Tolerance * Math.Abs(expected[i])) + 1e-6;
                Assert.True(isClose, $"{test.Name}: {actual[i]} at {i}, not {expected[i]}");
            }
        });
    }

    private static bool IsOfImages(OnnxTest test) => test.Inputs[0] is { Dimensions.Length: 4 } && test.Outputs[0] is not null;

    /// <summary>Whether a window of ours can be like it: no dilation, and as much padding on one side as on the other.</summary>
    private static bool HasWindow(OnnxTest test)
    {
        var (rows, columns) = Axes(test);
        return test.Numbers("dilations", 1, 1).All(dilation => dilation == 1)
            && rows.Before == rows.After && columns.Before == columns.After
            && rows.Before <= rows.Kernel / 2 && columns.Before <= columns.Kernel / 2;
    }

    /// <summary>What the kernel of a test reads in both directions.</summary>
    private static (WindowAxis Rows, WindowAxis Columns) Axes(OnnxTest test)
    {
        var size = test.Inputs[0]!.Dimensions;
        var kernel = test.Numbers("kernel_shape", test.Inputs.Length > 1 ? test.Inputs[1]!.Dimensions[2..] : [1, 1]);
        var (strides, pads, dilations) = (test.Numbers("strides", 1, 1), test.Numbers("pads", 0, 0, 0, 0), test.Numbers("dilations", 1, 1));
        var same = test.Text("auto_pad", "NOTSET") switch
        {
            "SAME_UPPER" => SamePadding.Upper,
            "SAME_LOWER" => SamePadding.Lower,
            _ => SamePadding.None,
        };
        return (
            new WindowAxis(kernel[0], strides[0], pads[0], pads[2], dilations[0]).Padded(size[2], same),
            new WindowAxis(kernel[1], strides[1], pads[1], pads[3], dilations[1]).Padded(size[3], same));
    }

    private static float[] Convolve(OnnxTest test)
    {
        var (x, weight) = (test.Inputs[0]!, test.Inputs[1]!);
        var (rows, columns) = Axes(test);
        var shape = new ConvolutionShape(
            x.Dimensions[1], weight.Dimensions[0], new(x.Dimensions[2], x.Dimensions[3]), new(rows.Kernel, columns.Kernel),
            new(rows.Stride, columns.Stride), new(rows.Before, columns.Before, rows.After, columns.After),
            new(rows.Dilation, columns.Dilation), test.Number("group", 1));
        var input = new ImageLayout(x.Dimensions[0], shape.Inputs, shape.Image, shape.InputBorder);
        var output = new ImageLayout(x.Dimensions[0], shape.Outputs, shape.Output, 0);
        using var product = ConvolutionProduct.Forward(new(shape), input, output);
        product.Pack(ToMatrix(weight.Values, shape));
        var (images, results) = (new float[input.Length], new float[output.Length]);
        input.Import(x.Values, images);
        product.Run(images, results, new ConvolutionEpilogue { Bias = test.Inputs.Length > 2 ? test.Inputs[2]!.Values : [] });
        var values = new float[test.Outputs[0]!.Values.Length];
        output.Export(results, values);
        return values;
    }

    /// <summary>Weights <c>[out, in, height, width]</c> as <c>[out, height·width·in]</c>.</summary>
    private static float[] ToMatrix(float[] weight, ConvolutionShape shape)
    {
        var matrix = new float[weight.Length];
        for (var i = 0; i < weight.Length; i++)
        {
            var (output, rest) = Math.DivRem(i, shape.Columns);
            var (channel, tap) = Math.DivRem(rest, shape.Taps);
            matrix[(output * shape.Columns) + (tap * shape.GroupInputs) + channel] = weight[i];
        }
        return matrix;
    }

    private static float[] Pool(OnnxTest test)
    {
        var (x, y) = (test.Inputs[0]!.Dimensions, test.Outputs[0]!.Dimensions);
        var (rows, columns) = Axes(test);
        var (vertical, horizontal) =
            (new PoolAxis(rows.Kernel, rows.Stride, rows.Before), new PoolAxis(columns.Kernel, columns.Stride, columns.Before));
        var countsPadding = test.Number("count_include_pad", 0) != 0;
        var (input, output) = (new ImageLayout(x[1], x[2], x[3], border: 0), new ImageLayout(y[1], y[2], y[3], border: 1));
        return BySamples(test, input, output, (in pass, from, to) =>
        {
            if (test.Operator == "MaxPool")
                PoolPass.Max(in pass, ref pass.Slot(from), ref pass.Slot(to), input, output, vertical, horizontal, ActivationKind.None);
            else
                PoolPass.Mean(in pass, ref pass.Slot(from), ref pass.Slot(to), input, output, vertical, horizontal, countsPadding);
        });
    }

    private static float[] PoolAll(OnnxTest test)
    {
        var x = test.Inputs[0]!.Dimensions;
        var (input, output) = (new ImageLayout(x[1], x[2], x[3], border: 0), new ImageLayout(x[1], 1, 1, border: 0));
        return BySamples(test, input, output, (in pass, from, to) => PoolPass.Mean(
            in pass, ref pass.Slot(from), ref pass.Slot(to), input, output, PoolAxis.Parts, PoolAxis.Parts, countsPadding: false),
            (in pass, from, to) => PoolPass.Max(
            in pass, ref pass.Slot(from), ref pass.Slot(to), input, output, PoolAxis.Parts, PoolAxis.Parts, ActivationKind.None));
    }

    private static float[] Normalise(OnnxTest test)
    {
        var x = test.Inputs[0]!.Dimensions;
        var layout = new ImageLayout(x[1], x[2], x[3], border: 1);
        using var layer = new BatchNorm2d(x[1], new() { Epsilon = test.Float("epsilon", 1e-5f) }, seed: 1, stream: 0);
        layer.SetWeight(test.Inputs[1]!.Values);
        layer.SetBias(test.Inputs[2]!.Values);
        layer.SetRunningStatistics(test.Inputs[3]!.Values, test.Inputs[4]!.Values);
        layer.Prepare(training: false);
        return BySamples(test, layout, layout, (in pass, from, to) =>
            BatchNormPass.Infer(layer, in pass, ref pass.Slot(from), ref pass.Slot(to), ActivationKind.None, layout));
    }

    private delegate void Step(in PanelPass pass, int from, int to);

    /// <summary>Results of all samples, of which a panel takes some.</summary>
    private static float[] BySamples(OnnxTest test, ImageLayout input, ImageLayout output, Step step, Step? ofMaxima = null)
    {
        var (images, samples) = (test.Inputs[0]!.Values, test.Inputs[0]!.Dimensions[0]);
        var results = new List<float>();
        var chosen = test.Operator == "GlobalMaxPool" ? ofMaxima! : step;
        for (var first = 0; first < samples; first += ImagePanel.Samples)
        {
            var count = Math.Min(ImagePanel.Samples, samples - first);
            using var panel = new ImagePanel(input, output);
            panel.Set(0, images[(first * input.Features)..((first + count) * input.Features)]);
            panel.Run(1, (in pass) => chosen(in pass, panel.Slots[0], panel.Slots[1]));
            results.AddRange(panel.Get(1).Take(count * output.Features));
        }
        return [.. results];
    }
}
