using System.ComponentModel;
using System.Globalization;
using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Matrices;
using SparseSharp.Patterns;
using SparseSharp.Settings;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>A convolution of images, dense or with a sparsity pattern. Made by generated code.</summary>
/// <remarks>
/// Weights are a matrix <c>[out, height·width·in / groups]</c> whose columns go tap by tap, channels inside: patterns, masks and reports
/// speak of it. <see cref="Weight"/> has the shape of PyTorch.
/// </remarks>
public sealed class Conv2d : MatrixLayer
{
    private readonly List<ConvolutionUse> _uses = [];

    /// <summary>Makes a layer with Kaiming-uniform weights (fan-in, a = √5, as PyTorch does) and a bias in ±1/√fan-in.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="window">Kernel, stride, padding, dilation and groups.</param>
    /// <param name="bias">Whether the layer has a bias.</param>
    /// <param name="pattern">The pattern, or null for a dense layer.</param>
    /// <param name="operations">The kernels whose formats the pattern has.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    /// <param name="bfloat16">Which operands of the products are rounded to bfloat16.</param>
    public Conv2d(
        int inputs, int outputs, ConvolutionWindow window, bool bias, SparsityPattern? pattern, ProductKernels operations, ulong seed,
        int stream, Bfloat16Use bfloat16 = Bfloat16Use.None)
        : base(nameof(Conv2d), MakeWeights(inputs, outputs, window, bias, pattern, operations, bfloat16), bfloat16)
    {
        (Inputs, Outputs, Window) = (inputs, outputs, window);
        Weights.Initialise(Matrix.Columns, seed, stream);
    }

    /// <summary>Channels of the input.</summary>
    public int Inputs { get; }

    /// <summary>Channels of the output.</summary>
    public int Outputs { get; }

    /// <summary>Kernel, stride, padding, dilation and groups.</summary>
    public ConvolutionWindow Window { get; }

    /// <summary>Master weights <c>[out, in / groups, height, width]</c>, a copy.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public float[] Weight
    {
        get
        {
            using var scope = Lifetime.Use();
            return ToImages(Weights.Values);
        }
    }

    internal override string Identity =>
        $"{Shape}, {(HasBias ? "bias" : "no bias")}, {Pattern?.Identity ?? "dense"}{Bfloat16Settings.Words(Bfloat16)}";

    private int GroupInputs => Inputs / Window.Groups;

    private string Shape => $"{Inputs} to {Outputs} channels, {Window}";

    /// <summary>The convolution over images of a size, for the passes of a model.</summary>
    /// <param name="input">Layout of the input.</param>
    /// <param name="output">Layout of the output.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ConvolutionUse Over(ImageLayout input, ImageLayout output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var use = new ConvolutionUse(Weights.Product, Window, Inputs, input, output);
        lock (_uses)
            _uses.Add(use);
        return use;
    }

    /// <summary>Replaces the master weights, which are what learns, and, for a layer with a mask that follows them, finds a new one.</summary>
    /// <param name="weight"><c>[out, in / groups, height, width]</c>; every value finite.</param>
    public void SetWeight(ReadOnlySpan<float> weight)
    {
        using var scope = Lifetime.Change();
        Weights.Set(ToMatrix(weight));
    }

    /// <summary>Replaces the master weights and the mask together.</summary>
    /// <param name="weight"><c>[out, in / groups, height, width]</c>; every value finite.</param>
    /// <param name="mask">Over the matrix <c>[out, height·width·in / groups]</c>; it must follow the pattern of the layer.</param>
    public void SetWeight(ReadOnlySpan<float> weight, Mask mask)
    {
        using var scope = Lifetime.Change();
        Weights.Set(ToMatrix(weight), mask);
    }

    /// <summary>
    /// Copies the weights that the products of the layer use, <c>[out, in / groups, height, width]</c>: 0 where they are masked.
    /// </summary>
    /// <param name="target">Receives them.</param>
    public void CopyEffectiveWeight(Span<float> target)
    {
        using var scope = Lifetime.Use();
        if (target.Length != Weights.Count)
            throw new ArgumentException($"The target has {target.Length} values; this layer has {Weights.Count} weights.", nameof(target));
        var matrix = new float[target.Length];
        Weights.CopyInUse(matrix);
        Weights.Foreign!.Order.ToImages(matrix, target);
    }

    /// <summary>For example <c>16 to 32 channels, 3 x 3, stride 2, 2:4 transposable</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Shape}, {PatternWords.Of(Pattern, Bfloat16)}");

    private protected override void Free()
    {
        base.Free();
        lock (_uses)
        {
            foreach (var use in _uses)
                use.Dispose();
        }
    }

    private static LayerWeights MakeWeights(
        int inputs, int outputs, ConvolutionWindow window, bool bias, SparsityPattern? pattern, ProductKernels operations,
        Bfloat16Use bfloat16)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (window.Groups < 1 || inputs % window.Groups != 0 || outputs % window.Groups != 0)
            throw new ArgumentException($"{inputs} and {outputs} channels cannot be cut into {window.Groups} groups.", nameof(window));
        var order = new KernelOrder(window.Taps, inputs / window.Groups);
        var columns = checked(order.Taps * order.Channels);
        pattern?.Check(columns, outputs);
        return new(outputs, columns, bias, pattern, operations, rounds: bfloat16 != Bfloat16Use.None, canLearnPacked: false)
        {
            Foreign = new([outputs, order.Channels, window.KernelRows, window.KernelColumns], order),
        };
    }

    private float[] ToImages(ReadOnlySpan<float> matrix)
    {
        var images = new float[matrix.Length];
        Weights.Foreign!.Order.ToImages(matrix, images);
        return images;
    }

    private float[] ToMatrix(ReadOnlySpan<float> images)
    {
        if (images.Length != Weights.Count)
        {
            throw new ArgumentException(
                $"The weight has {images.Length} values; this layer needs {Outputs} x {GroupInputs} x {Window.KernelRows} x {Window.KernelColumns}.",
                nameof(images));
        }
        var matrix = new float[images.Length];
        Weights.Foreign!.Order.ToMatrix(images, matrix);
        return matrix;
    }
}
