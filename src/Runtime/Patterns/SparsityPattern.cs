using SparseSharp.Patterns;

namespace SparseSharp;

/// <summary>
/// Which weights of a layer exist, and how that is decided: the base of all kinds of sparsity. A layer without one is dense.
/// </summary>
public abstract record SparsityPattern
{
    private protected SparsityPattern() { }

    /// <summary>Kept share of the weights.</summary>
    public abstract double Density { get; }

    /// <summary>Whether weights that the mask drops exist and learn, so that a layer can also run without its mask.</summary>
    internal abstract bool KeepsMaskedWeights { get; }

    /// <summary>How the gradient of masked weights is annealed, or null.</summary>
    internal virtual GradientAnnealing? Annealed => null;

    /// <summary>When a training drops weights for good, or null where it drops none.</summary>
    internal virtual PruneSchedule? Pruning => null;

    /// <summary>Whether a training that is shorter than <see cref="Pruning"/> drops weights sooner.</summary>
    internal virtual bool FitsPruning => false;

    /// <summary>Whether a training starts dense, and masks weights once the second moments of their gradients have settled.</summary>
    internal virtual bool StartsDense => false;

    /// <summary>Whether layers with an equal pattern select the weights that they keep together.</summary>
    internal virtual bool SharesBudget => false;

    /// <summary>Optimizer steps between two searches for the mask.</summary>
    internal abstract int SearchInterval { get; }

    /// <summary>
    /// The pattern with all that its training depends on, in words that are the same everywhere: a training is resumed only with an equal
    /// one.
    /// </summary>
    internal abstract string Identity { get; }

    /// <summary>Share of the sum of magnitudes that Gaussian weights would keep, or null where it is not known.</summary>
    internal virtual double? GaussianShare => null;

    /// <summary>Log10 of the number of masks that 64 weights can have, or null where it is not counted.</summary>
    internal virtual double? MaskDigits => null;

    /// <summary>Inputs of an output feature that the initial weights are scaled for: all, where masked weights may come back.</summary>
    internal virtual double FanIn(int inputs) => inputs;

    /// <summary>Kept share of a layer of this shape at the end of a training, in whole blocks.</summary>
    internal virtual double FinalDensity(int outputs, int inputs) => Density;

    /// <summary>Throws if a layer of this shape cannot have the pattern.</summary>
    internal abstract void Check(int inputs, int outputs);

    /// <summary>The first place where a mask does not follow the pattern, in words, or null.</summary>
    internal abstract string? FirstFault(Mask mask);

    /// <summary>Whether weights that were pruned with a mask can keep it here, as what products use.</summary>
    internal virtual bool Accepts(Mask mask) => FirstFault(mask) is null;

    /// <summary>
    /// The mask of weights <c>[out, in]</c> that were pruned elsewhere, which is where they are not 0; null if it does not follow the
    /// pattern, or is no matter of the weights.
    /// </summary>
    internal virtual Mask? MaskOfZeros(ReadOnlySpan<float> weight, int outputs, int inputs)
    {
        var mask = Mask.NonZero(weight, outputs, inputs);
        return Accepts(mask) ? mask : null;
    }
}
