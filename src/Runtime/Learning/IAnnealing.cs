using SparseSharp.Matrices;

namespace SparseSharp.Learning;

/// <summary>How the weights learn that the mask of an annealed matrix drops.</summary>
internal interface IAnnealing
{
    /// <summary>Share of the gradient that masked weights get in the next update.</summary>
    double Alpha { get; }

    /// <summary>Whether masked weights have stopped to learn for good.</summary>
    bool IsFrozen { get; }

    /// <summary>Mean of the learned thresholds, or null where none are learned.</summary>
    double? MeanThreshold { get; }

    /// <summary>Sets the share for the next updates.</summary>
    void Anneal(double alpha);

    /// <summary>
    /// Ends the learning of masked weights for good: a last search for the mask, and no momentum that could still move what it drops.
    /// </summary>
    void Freeze();

    /// <summary>Lets masked weights learn again: a new training begins.</summary>
    void Thaw();

    /// <summary>Selects the weights to keep together with other matrices.</summary>
    /// <param name="members">The matrices that share the budget; gets this one.</param>
    void ShareBudget(List<AnnealedMatrix> members);
}
