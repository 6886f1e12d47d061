using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Convolutions;

/// <summary>A convolution with random numbers, and its products by kernels, as images.</summary>
internal sealed class ConvolutionCase
{
    private readonly ConvolutionWeights _weights;

    public ConvolutionCase(ConvolutionShape shape, int samples, Mask? mask = null, int seed = 1, float[]? weight = null)
    {
        (Shape, Samples, Mask) = (shape, samples, mask);
        var random = new Random(seed);
        Weight = weight ?? Numbers(random, shape.Outputs * shape.Columns);
        mask?.Clear(Weight);
        X = Numbers(random, samples * shape.Inputs * shape.Image.Area);
        DY = Numbers(random, samples * shape.Outputs * shape.Output.Area);
        _weights = new ConvolutionWeights(shape, mask);
        Input = new ImageLayout(samples, shape.Inputs, shape.Image, shape.InputBorder);
        Output = new ImageLayout(samples, shape.Outputs, shape.Output, shape.GradientBorder);
    }

    public ConvolutionShape Shape { get; }

    public int Samples { get; }

    public Mask? Mask { get; }

    public float[] Weight { get; }

    public float[] X { get; }

    public float[] DY { get; }

    public ImageLayout Input { get; }

    public ImageLayout Output { get; }

    public ConvolutionReference Reference => new(Shape, Samples, Weight);

    public ConvolutionProduct NewForward() => Packed(ConvolutionProduct.Forward(_weights, Input, Output), 1);

    public ConvolutionProduct NewGradInput() => Packed(ConvolutionProduct.GradInput(_weights, Output, Input), 1);

    public float[] Forward(int members = 1)
    {
        using var product = Packed(ConvolutionProduct.Forward(_weights, Input, Output), members);
        return Run(product, X, members);
    }

    public float[] GradInput(int members = 1)
    {
        using var product = Packed(ConvolutionProduct.GradInput(_weights, Output, Input), members);
        return Run(product, DY, members);
    }

    public float[] GradWeight(int members = 1)
    {
        using var product = new ConvolutionWeightGradient(_weights, Input, Output);
        var gradient = new float[Weight.Length];
        var (x, dy) = (Value(Input, X), Value(Output, DY));
        for (var member = members - 1; member >= 0; member--)
            product.Run(x, dy, gradient, accumulate: false, member, members);
        return gradient;
    }

    /// <summary>Images as a value.</summary>
    public static float[] Value(ImageLayout layout, float[] images)
    {
        var value = new float[layout.Length];
        layout.Import(images, value);
        return value;
    }

    /// <summary>A value as images.</summary>
    public static float[] Images(ImageLayout layout, float[] value)
    {
        var images = new float[layout.Samples * layout.Channels * layout.Size.Area];
        layout.Export(value, images);
        return images;
    }

    /// <summary>Random numbers between -1 and 1.</summary>
    public static float[] Numbers(Random random, int count)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
            numbers[i] = (random.NextSingle() * 2) - 1;
        return numbers;
    }

    /// <summary>Runs all members, the last one first, and checks that the border stays 0.</summary>
    private static float[] Run(ConvolutionProduct product, float[] images, int members)
    {
        var input = Value(product.Input, images);
        var output = new float[product.Output.Length];
        for (var member = members - 1; member >= 0; member--)
            product.Run(input, output, default, member, members);
        var result = Images(product.Output, output);
        var inside = new float[output.Length];
        for (var i = 0; i < output.Length; i++)
            inside[i] = 1;
        var marks = new float[result.Length];
        Array.Fill(marks, 2f);
        product.Output.Import(marks, inside);
        for (var i = 0; i < output.Length; i++)
            Assert.True(inside[i] == 2 || output[i] == 0 || IsPaddedLane(product.Output, i), $"the border has {output[i]} at {i}");
        return result;
    }

    /// <summary>Whether a position is a lane of the last vector that has no sample.</summary>
    private static bool IsPaddedLane(ImageLayout layout, int position) =>
        (position / layout.VectorStride * Kernels.PanelGeometry.Lanes) + (position % Kernels.PanelGeometry.Lanes) >= layout.Samples;

    private ConvolutionProduct Packed(ConvolutionProduct product, int members)
    {
        for (var member = 0; member < members; member++)
            product.Pack(Weight, member, members);
        return product;
    }
}
