using System.ComponentModel;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>
/// A classifier whose projection does not learn: <c>y = α·W·x/(‖x‖ + 1e-8) + b</c>. Made by generated code.
/// </summary>
/// <inheritdoc path="/remarks"/>
/// <remarks>
/// Hoffer, Hubara and Soudry, "Fix your classifier", 2018; their program has -α. Factor and terms have no weight decay.
/// </remarks>
public sealed class FixedClassifier : Layer
{
    private const float RandomScale = 10;
    private readonly LearnedVector _scale;
    private readonly LearnedVector _bias;

    /// <summary>Makes a layer with the initial factor and terms of the authors.</summary>
    /// <param name="features">Input features, at least 1.</param>
    /// <param name="classes">Classes, at least 1, and no more than rows that can be told apart.</param>
    /// <param name="random">Whether rows are random orthonormal ones, the same in every model.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    /// <exception cref="ArgumentOutOfRangeException">The features or the classes are out of range.</exception>
    public FixedClassifier(int features, int classes, bool random, ulong seed, int stream)
    {
        Projection = new(features, classes, random);
        (_scale, _bias) = (new LearnedVector(Projection.Scale), new LearnedVector(Projection.Bias));
        Parts = new LayerParts(nameof(FixedClassifier), [], [_scale, _bias]) { OfPasses = Projection };
        var bound = (float)(1 / Math.Sqrt(classes));
        _scale.Values[0] = random ? RandomScale : bound;
        if (!random)
            KaimingUniform.Fill(_bias.Values, bound, seed, (2 * InitialWeights.StreamOf(stream)) + 1);
    }

    /// <summary>Input features.</summary>
    public int Features => Projection.Features;

    /// <summary>Classes.</summary>
    public int Classes => Projection.Classes;

    /// <summary>Whether rows are random orthonormal ones; else they are those of a Hadamard matrix.</summary>
    public bool IsRandom => Projection.Rows is not null;

    /// <summary>The learned factor α.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public float Scale => LayerVectors.Read(Lifetime, _scale)[0];

    /// <summary>The learned terms, one per class.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public ReadOnlySpan<float> Bias => LayerVectors.Read(Lifetime, _bias);

    internal override LayerParts Parts { get; }

    internal override string Identity => ToString();

    /// <summary>The layer as passes take it.</summary>
    internal FixedProjection Projection { get; }

    private Lifetime Lifetime => Parts.Lifetime;

    /// <summary>The layer as passes take it.</summary>
    /// <param name="layer">The layer.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static implicit operator FixedProjection(FixedClassifier layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Projection;
    }

    /// <summary>Replaces the factor.</summary>
    /// <param name="scale">A finite value.</param>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public void SetScale(float scale) => LayerVectors.Set(Lifetime, _scale, [scale]);

    /// <summary>Replaces the terms.</summary>
    /// <param name="bias">A finite value per class.</param>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public void SetBias(ReadOnlySpan<float> bias) => LayerVectors.Set(Lifetime, _bias, bias);

    /// <summary>For example <c>fixed classifier of 512 features and 10 classes, Hadamard rows</c>.</summary>
    public override string ToString() =>
        $"fixed classifier of {Features} features and {Classes} classes, {(IsRandom ? "random orthonormal" : "Hadamard")} rows";
}
