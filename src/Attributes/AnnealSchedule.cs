namespace SparseSharp;

/// <summary>
/// How the share of the gradient that masked weights get falls over a training, with <c>x</c> from 0 at its start to 1 at its end. Whatever
/// the curve, the share is exactly 0 from <see cref="GradientAnnealAttribute.HardZero"/> on.
/// </summary>
public enum AnnealSchedule
{
    /// <summary>
    /// The larger one of <see cref="Sigmoid"/> and <see cref="Cosine"/> (AutoSparse, Kundu et al., 2023): stays high for long, then falls.
    /// </summary>
    SigmoidCosine,

    /// <summary><c>(1 + cos(pi x)) / 2</c>.</summary>
    Cosine,

    /// <summary><c>1 - x</c>.</summary>
    Linear,

    /// <summary><c>1 - sigmoid(12 x - 6)</c>.</summary>
    Sigmoid,

    /// <summary>1.</summary>
    Constant,
}
