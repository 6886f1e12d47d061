using System.ComponentModel;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A normalisation of each sample for itself, as passes take it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SampleNormalisation : IFreezable
{
    /// <param name="features">Features, or channels.</param>
    /// <param name="groups">Groups of them that are normalised apart.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="affine">Whether factors and terms are learned.</param>
    internal SampleNormalisation(int features, int groups, double epsilon, bool affine)
    {
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "What is added to the variance is greater than 0.");
        (Features, Groups, Epsilon) = (features, groups, epsilon);
        if (!affine)
            return;
        Weight = new Parameter("weight", new PinnedBuffer<float>(features), decays: false);
        Bias = new Parameter("bias", new PinnedBuffer<float>(features), decays: false);
        Weight.Values.Fill(1);
    }

    bool IFreezable.IsFrozen
    {
        get => IsFrozen;
        set => IsFrozen = value;
    }

    internal int Features { get; }

    internal int Groups { get; }

    internal double Epsilon { get; }

    /// <summary>The learned factors; null where there are none.</summary>
    internal Parameter? Weight { get; }

    /// <summary>The learned terms; null where there are none.</summary>
    internal Parameter? Bias { get; }

    /// <summary>Whether the layer stays as it is.</summary>
    internal bool IsFrozen { get; set; }

    /// <summary>The learned factor of a feature.</summary>
    internal float Factor(int feature) => Weight is { } weight ? weight.Values[feature] : 1;
}
