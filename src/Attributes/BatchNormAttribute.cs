using System;

namespace SparseSharp;

/// <summary>What the attributes of batch normalisations have in common.</summary>
public abstract class BatchNormAttribute : Attribute
{
    private protected BatchNormAttribute()
    {
    }

    /// <summary>
    /// Weight of a new batch in the running statistics, greater than 0 and at most 1; 0.1 unless said otherwise, and 0.9 with a
    /// <see cref="Range"/>, as its authors have it.
    /// </summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>Whether the running statistics are those of all batches so far, each with the same weight; false unless said otherwise.</summary>
    public bool Cumulative { get; set; }

    /// <summary>What is added to the variance, greater than 0; 1e-5 unless said otherwise.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Whether the layer learns a factor and a term for each channel; true unless said otherwise.</summary>
    public bool Affine { get; set; } = true;

    /// <summary>
    /// Samples of a ghost batch (Hoffer, Hubara and Soudry, 2017): a batch is normalised in parts of so many samples, each by its own
    /// statistics. 0, for the whole batch, unless said otherwise.
    /// </summary>
    public int Ghost { get; set; }

    /// <summary>How the spread is measured; by the variance unless said otherwise.</summary>
    public RangeNorm Range { get; set; }
}
