using System.ComponentModel;
using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>What normalisations of each sample for itself have in common. Generated code makes layers.</summary>
/// <remarks>Factors and terms have no weight decay.</remarks>
public abstract class SampleNorm : Layer
{
    private readonly LearnedVector? _weight;
    private readonly LearnedVector? _bias;

    private protected SampleNorm(string kind, SampleNormalisation normalisation, long[] shape)
    {
        Normalisation = normalisation;
        if (normalisation is { Weight: { } weight, Bias: { } bias })
            (_weight, _bias) = (new LearnedVector(weight) { Shape = shape }, new LearnedVector(bias) { Shape = shape });
        Parts = new LayerParts(kind, [], _weight is null ? [] : [_weight, _bias!]) { OfPasses = normalisation };
    }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon => Normalisation.Epsilon;

    /// <summary>The factors, empty if there are none.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Weight => LayerVectors.Read(Lifetime, _weight);

    /// <summary>The terms, empty if there are none.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Bias => LayerVectors.Read(Lifetime, _bias);

    internal override LayerParts Parts { get; }

    internal override string Identity => string.Create(
        CultureInfo.InvariantCulture, $"{this}, epsilon {Epsilon}{(_weight is null ? ", no factors" : "")}");

    /// <summary>The layer as passes take it.</summary>
    internal SampleNormalisation Normalisation { get; }

    private Lifetime Lifetime => Parts.Lifetime;

    /// <summary>The layer as passes take it.</summary>
    /// <param name="layer">The layer.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static implicit operator SampleNormalisation(SampleNorm layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Normalisation;
    }

    /// <summary>Replaces the factors.</summary>
    /// <param name="weight">A finite value for each.</param>
    /// <exception cref="InvalidOperationException">The layer has no factors.</exception>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public void SetWeight(ReadOnlySpan<float> weight) => LayerVectors.Set(Lifetime, _weight, weight);

    /// <summary>Replaces the terms.</summary>
    /// <param name="bias">A finite value for each.</param>
    /// <exception cref="InvalidOperationException">The layer has no terms.</exception>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public void SetBias(ReadOnlySpan<float> bias) => LayerVectors.Set(Lifetime, _bias, bias);
}
