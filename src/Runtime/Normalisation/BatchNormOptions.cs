using System.ComponentModel;

namespace SparseSharp;

/// <summary>What the attribute of a batch normalisation says.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record BatchNormOptions
{
    /// <summary>Weight of a new batch in the running statistics.</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>Whether all batches so far have the same weight in the running statistics.</summary>
    public bool Cumulative { get; init; }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether a factor and a term are learned for each channel.</summary>
    public bool Affine { get; init; } = true;

    /// <summary>Samples of a ghost batch; 0 for the whole batch.</summary>
    public int Ghost { get; init; }

    /// <summary>How the spread of values is measured.</summary>
    public RangeNorm Range { get; init; }

    /// <summary>Parts of the values whose ranges are averaged, if there are values enough for so many.</summary>
    internal int RangeParts { get; init; } = 16;

    /// <summary>Throws unless every option is in its range.</summary>
    internal void Check()
    {
        if (!(Momentum is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Momentum), Momentum, "The weight of a new batch is greater than 0 and at most 1.");
        if (!(Epsilon > 0 && double.IsFinite(Epsilon)))
            throw new ArgumentOutOfRangeException(nameof(Epsilon), Epsilon, "What is added to the variance is greater than 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(Ghost);
        if (!Enum.IsDefined(Range))
            throw new ArgumentOutOfRangeException(nameof(Range), Range, "Not a member of RangeNorm.");
    }
}
