using System.ComponentModel;
using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Matrices;
using SparseSharp.Patterns;
using SparseSharp.Settings;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>A fully connected layer, <c>y = x·Wᵀ + b</c>, dense or with a sparsity pattern. Made by generated code.</summary>
/// <remarks>Its memory holds master weights, gradient, bias, mask and packed forms.</remarks>
public sealed unsafe class Linear : MatrixLayer
{
    private readonly LayerProducts _products;

    /// <summary>Makes a layer with Kaiming-uniform weights (fan-in, a = √5, as PyTorch does) and a bias in ±1/√in.</summary>
    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="bias">Whether the layer has a bias.</param>
    /// <param name="pattern">The pattern, or null for a dense layer.</param>
    /// <param name="operations">The kernels for this pattern.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    /// <param name="bfloat16">Which operands of the products are rounded to bfloat16.</param>
    public Linear(
        int inputs, int outputs, bool bias, SparsityPattern? pattern, ProductKernels operations, ulong seed, int stream,
        Bfloat16Use bfloat16 = Bfloat16Use.None)
        : base(nameof(Linear), MakeWeights(inputs, outputs, bias, pattern, operations, bfloat16), bfloat16)
    {
        Inputs = inputs;
        Outputs = outputs;
        _products = new LayerProducts(Product, RoundsActivations);
        Weights.Initialise(inputs, seed, stream);
    }

    /// <summary>Input features.</summary>
    public int Inputs { get; }

    /// <summary>Output features.</summary>
    public int Outputs { get; }

    /// <summary>How the gradient of the output is pruned before the weight gradient, or null where it is not.</summary>
    public GradientPattern? Gradients => Product.Kernels.Gradients;

    /// <summary>
    /// Whether the dense kernels compute the products: in a dense layer, and in one that keeps so many weights that packed ones would be
    /// slower.
    /// </summary>
    public bool UsesDenseKernels => Matrix.UsesDenseKernels;

    /// <summary>
    /// Master weights <c>[out, in]</c>, row-major; masked weights are there under a dynamic policy and 0 under a static one.
    /// </summary>
    /// <remarks>
    /// They are what learns, in float32 also where products use them as bfloat16 (<see cref="CopyEffectiveWeight"/>). Where only kept
    /// weights exist this is a copy, made at each call: keep it rather than asking again.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Weight
    {
        get
        {
            using var scope = Lifetime.Use();
            return Weights.Values;
        }
    }

    internal override string Identity =>
        $"{Inputs} to {Outputs}, {(HasBias ? "bias" : "no bias")}, {Pattern?.Identity ?? "dense"}{Bfloat16Settings.Words(Bfloat16)}";

    /// <summary>What the passes of a model multiply.</summary>
    internal MatrixProduct Product => Weights.Product;

    /// <summary>Whether products use input and gradient of the output as bfloat16; emitted passes round them before.</summary>
    internal bool RoundsActivations => Bfloat16 == Bfloat16Use.WeightsAndActivations;

    /// <summary>The layer as drivers of kernels take it.</summary>
    /// <param name="layer">The layer.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static implicit operator MatrixProduct(Linear layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Product;
    }

    /// <summary>
    /// Replaces the master weights <c>[out, in]</c>, which are what learns, and, for a layer with a mask that follows them, finds a new
    /// one.
    /// </summary>
    /// <param name="weight">Row-major; every value finite. Blocks of zeros are dropped under patterns that drop blocks while
    /// training.</param>
    /// <remarks><see cref="SetWeightInUse(ReadOnlySpan{float})"/> takes weights that products are to use as they are.</remarks>
    public void SetWeight(ReadOnlySpan<float> weight)
    {
        using var scope = Lifetime.Change();
        Weights.Set(weight);
    }

    /// <summary>Replaces the master weights and the mask together.</summary>
    /// <param name="weight">Row-major <c>[out, in]</c>; every value finite.</param>
    /// <param name="mask">Must follow the pattern of the layer.</param>
    public void SetWeight(ReadOnlySpan<float> weight, Mask mask)
    {
        using var scope = Lifetime.Change();
        Weights.Set(weight, mask);
    }

    /// <summary>
    /// Replaces the weights by some that products are to use as they are: those of a model that was trained and pruned. What is 0 stays
    /// pruned, if the pattern allows the mask of what is not; otherwise the layer keeps the largest, as
    /// <see cref="SetWeight(ReadOnlySpan{float})"/> does.
    /// </summary>
    /// <param name="weight">Row-major <c>[out, in]</c>; every value finite.</param>
    /// <remarks>
    /// Master weights differ from these where a threshold is learned (<see cref="GradientAnnealing"/>):
    /// <see cref="SetWeight(ReadOnlySpan{float})"/> takes weights from which it is still to be subtracted.
    /// </remarks>
    public void SetWeightInUse(ReadOnlySpan<float> weight)
    {
        using var scope = Lifetime.Change();
        Weights.SetInUse(weight);
    }

    /// <summary>
    /// Replaces the weights by some that products are to use as they are, with their mask; see
    /// <see cref="SetWeightInUse(ReadOnlySpan{float})"/>.
    /// </summary>
    /// <param name="weight">Row-major <c>[out, in]</c>; every value finite. What the mask drops counts as 0.</param>
    /// <param name="mask">Must follow the pattern of the layer.</param>
    public void SetWeightInUse(ReadOnlySpan<float> weight, Mask mask)
    {
        using var scope = Lifetime.Change();
        Weights.SetInUse(weight, mask);
    }

    /// <summary>
    /// Copies the weights that the products of the layer use, <c>[out, in]</c>: all of a dense layer, else 0 where they are masked,
    /// thresholded and scaled under
    /// <see cref="MaskPolicy.SoftThreshold"/>, and rounded where the layer says so (<see cref="MatrixLayer.Bfloat16"/>).
    /// </summary>
    /// <param name="target">Receives them, row-major.</param>
    public void CopyEffectiveWeight(Span<float> target)
    {
        using var scope = Lifetime.Use();
        Weights.CopyInUse(target);
    }

    /// <summary><c>y = x·Wᵀ + b</c> for a batch, outside a model. Waits for other products of the model.</summary>
    /// <param name="x">Row-major <c>[batch, in]</c>.</param>
    /// <param name="y">Receives <c>[batch, out]</c>.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        using var scope = Lifetime.Change();
        var batch = Batch(x, y);
        fixed (float* source = x)
        fixed (float* target = y)
            _products.Forward(source, target, batch);
    }

    /// <summary><c>dx = dy·W</c> for a batch, outside a model. Waits for other products of the model.</summary>
    /// <param name="dy">Gradient of the output, row-major <c>[batch, out]</c>.</param>
    /// <param name="dx">Receives the gradient of the input, <c>[batch, in]</c>.</param>
    public void GradInput(ReadOnlySpan<float> dy, Span<float> dx)
    {
        using var scope = Lifetime.Change();
        var batch = Batch(dx, dy);
        fixed (float* source = dy)
        fixed (float* target = dx)
            _products.GradInput(source, target, batch);
    }

    /// <summary>
    /// <c>dW = dyᵀ·x</c> and <c>db = Σ dy</c> into the gradients of <see cref="Layer.Parameters"/>, outside a model: dense where all
    /// weights learn, at kept positions only under a static mask. Waits for other products of the model.
    /// </summary>
    /// <param name="x">The input, row-major <c>[batch, in]</c>.</param>
    /// <param name="dy">Gradient of the output, row-major <c>[batch, out]</c>.</param>
    public void GradWeight(ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
    {
        using var scope = Lifetime.Change();
        var batch = Batch(x, dy);
        fixed (float* input = x)
        fixed (float* gradient = dy)
            _products.GradWeight(input, gradient, batch);
    }

    /// <summary>For example <c>784 to 1024, 2:4 transposable, bfloat16</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Inputs} to {Outputs}, {PatternWords.Of(Pattern, Bfloat16)}");

    private protected override void Free()
    {
        base.Free();
        _products.Dispose();
    }

    private static LayerWeights MakeWeights(
        int inputs, int outputs, bool bias, SparsityPattern? pattern, ProductKernels operations, Bfloat16Use bfloat16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentNullException.ThrowIfNull(operations);
        pattern?.Check(inputs, outputs);
        return new(outputs, inputs, bias, pattern, operations, rounds: bfloat16 != Bfloat16Use.None);
    }

    private int Batch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputs)
    {
        var batch = inputs.Length / Inputs;
        if (batch == 0 || batch * Inputs != inputs.Length || (long)batch * Outputs != outputs.Length)
            throw new ArgumentException($"{inputs.Length} input and {outputs.Length} output values are not a batch of this layer: it "
                + $"takes {Inputs} and {Outputs} per sample.");
        return batch;
    }
}
