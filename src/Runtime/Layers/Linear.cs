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
public sealed unsafe class Linear : Layer
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
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentNullException.ThrowIfNull(operations);
        pattern?.Check(inputs, outputs);
        Inputs = inputs;
        Outputs = outputs;
        Bfloat16 = Enum.IsDefined(bfloat16)
            ? bfloat16
            : throw new ArgumentOutOfRangeException(nameof(bfloat16), bfloat16, "Not a member of Bfloat16Use.");
        Weights = new LayerWeights(outputs, inputs, bias, pattern, operations, rounds: bfloat16 != Bfloat16Use.None);
        Parts = new LayerParts(nameof(Linear), [Weights], Weights.Bias is { } learned ? [learned] : []);
        _products = new LayerProducts(Product, RoundsActivations);
        Weights.Initialise(inputs, seed, stream);
    }

    /// <summary>Input features.</summary>
    public int Inputs { get; }

    /// <summary>Output features.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    public override Bfloat16Use Bfloat16 { get; }

    /// <summary>Which weights are kept, or null for a dense layer. Belongs to the layer; change it with <see cref="SetMask"/>.</summary>
    public Mask? Mask => Matrix.Mask;

    /// <summary>How the gradient of the output is pruned before the weight gradient, or null where it is not.</summary>
    public GradientPattern? Gradients => Product.Kernels.Gradients;

    /// <summary>
    /// Whether products use all weights: in a dense layer, and while a training runs one with a mask dense
    /// (<see cref="TrainerOptions.DenseTail"/>).
    /// </summary>
    public bool IsDense => Matrix.IsDense;

    /// <summary>Share of the gradient that masked weights get now, or null where it is not annealed.</summary>
    public double? AnnealingAlpha => Weights.Annealing?.Alpha;

    /// <summary>Mean of the learned thresholds, or null where none are learned.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public double? MeanThreshold
    {
        get
        {
            using var scope = Lifetime.Use();
            return Weights.Annealing?.MeanThreshold;
        }
    }

    /// <summary>
    /// Whether the dense kernels compute the products: in a dense layer, and in one that keeps so many weights that packed ones would be
    /// slower.
    /// </summary>
    public bool UsesDenseKernels => Matrix.UsesDenseKernels;

    /// <summary>
    /// Factor of soft-thresholded weights (beta of S-STE), which is fixed by the weights that the layer starts from; 1 under other
    /// policies.
    /// </summary>
    public float ThresholdScale => Weights.Scale;

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

    /// <summary>The bias <c>[out]</c>, empty if there is none.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Bias
    {
        get
        {
            Lifetime.ThrowIfClosed();
            return Weights.Bias is { } bias ? bias.Values : [];
        }
    }

    /// <summary>
    /// Trainable factors of blocks (<see cref="LearnedBlockPattern"/>), which count from 0 to 1; empty under other patterns.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> BlockScales
    {
        get
        {
            Lifetime.ThrowIfClosed();
            return Matrix.Scales is { } scales ? scales.Values : [];
        }
    }

    internal override LayerParts Parts { get; }

    internal override string Identity =>
        $"{Inputs} to {Outputs}, {(HasBias ? "bias" : "no bias")}, {Pattern?.Identity ?? "dense"}{Bfloat16Settings.Words(Bfloat16)}";

    /// <summary>The weights, how they learn, and the product that passes compute.</summary>
    internal LayerWeights Weights { get; }

    /// <summary>The weights in their format.</summary>
    internal Matrix Matrix => Weights.Matrix;

    /// <summary>What the passes of a model multiply.</summary>
    internal MatrixProduct Product => Weights.Product;

    internal bool HasBias => Weights.Bias is not null;

    private Lifetime Lifetime => Parts.Lifetime;

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
    /// <see cref="MaskPolicy.SoftThreshold"/>, and rounded where the layer says so (<see cref="Bfloat16"/>).
    /// </summary>
    /// <param name="target">Receives them, row-major.</param>
    public void CopyEffectiveWeight(Span<float> target)
    {
        using var scope = Lifetime.Use();
        Weights.CopyInUse(target);
    }

    /// <summary>
    /// Drops blocks whose factor is not positive and multiplies the others by theirs: the layer computes what it did, in the time of the
    /// blocks that are left. They start again with factors of 1 and without optimizer state. Does nothing to a layer without factors.
    /// </summary>
    /// <param name="threshold">
    /// Drops blocks whose factor is not greater than this, at least 0 and less than 1. A factor that only the penalty moves swings around 0
    /// by a few steps of the optimizer; something like 0.01 takes such blocks away, and changes what the layer computes as little as they
    /// did.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    public void FoldBlocks(double threshold = 0)
    {
        using var scope = Lifetime.Change();
        Weights.FoldBlocks(threshold);
    }

    /// <summary>Replaces the bias <c>[out]</c>.</summary>
    /// <param name="bias">A finite value per output.</param>
    /// <exception cref="InvalidOperationException">The layer has no bias.</exception>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public void SetBias(ReadOnlySpan<float> bias)
    {
        using var scope = Lifetime.Change();
        if (Weights.Bias is not { } learned)
            throw new InvalidOperationException("This layer has no bias; declare it with Bias = true.");
        learned.Set(bias);
    }

    /// <summary>
    /// Replaces the mask; it must follow the pattern of the layer. Weights that it newly keeps under a static policy start at 0.
    /// </summary>
    public void SetMask(Mask mask)
    {
        using var scope = Lifetime.Change();
        Weights.SetMask(mask);
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

    private int Batch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputs)
    {
        var batch = inputs.Length / Inputs;
        if (batch == 0 || batch * Inputs != inputs.Length || (long)batch * Outputs != outputs.Length)
            throw new ArgumentException($"{inputs.Length} input and {outputs.Length} output values are not a batch of this layer: it "
                + $"takes {Inputs} and {Outputs} per sample.");
        return batch;
    }
}
