using SparseSharp.Layers;
using SparseSharp.Matrices;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>What layers with one weight matrix and a bias do alike, whatever they multiply it with.</summary>
public abstract class MatrixLayer : Layer
{
    /// <param name="kind">What exceptions call a layer that belongs to no model.</param>
    /// <param name="weights">The weights and the bias.</param>
    /// <param name="bfloat16">Which operands of the products are rounded to bfloat16.</param>
    private protected MatrixLayer(string kind, LayerWeights weights, Bfloat16Use bfloat16)
    {
        Bfloat16 = Enum.IsDefined(bfloat16)
            ? bfloat16
            : throw new ArgumentOutOfRangeException(nameof(bfloat16), bfloat16, "Not a member of Bfloat16Use.");
        Weights = weights;
        Parts = new LayerParts(kind, [weights], weights.Bias is { } learned ? [learned] : []);
    }

    /// <inheritdoc/>
    public override Bfloat16Use Bfloat16 { get; }

    /// <summary>
    /// Which weights of the matrix <c>[rows, columns]</c> are kept, or null for a dense layer. Rows are outputs; the kind of the layer says
    /// what columns are. Belongs to the layer; change it with <see cref="SetMask"/>.
    /// </summary>
    public Mask? Mask => Matrix.Mask;

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
    /// Factor of soft-thresholded weights (beta of S-STE), which is fixed by the weights that the layer starts from; 1 under other
    /// policies.
    /// </summary>
    public float ThresholdScale => Weights.Scale;

    /// <summary>The bias, a value per output; empty if there is none.</summary>
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

    /// <summary>The weights, how they learn, and the product that passes compute.</summary>
    internal LayerWeights Weights { get; }

    /// <summary>The weights in their format.</summary>
    internal Matrix Matrix => Weights.Matrix;

    internal bool HasBias => Weights.Bias is not null;

    private protected Lifetime Lifetime => Parts.Lifetime;

    /// <summary>Replaces the bias.</summary>
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
    /// <param name="mask">Over the matrix <c>[rows, columns]</c>, as <see cref="Mask"/>.</param>
    public void SetMask(Mask mask)
    {
        using var scope = Lifetime.Change();
        Weights.SetMask(mask);
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
}
