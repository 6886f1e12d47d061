using System.ComponentModel;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A classifier with a projection that does not learn, as passes take it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FixedProjection : IFreezable
{
    private const double Epsilon = 1e-8;

    /// <param name="features">Input features.</param>
    /// <param name="classes">Classes: rows of the projection.</param>
    /// <param name="isRandom">Whether rows are random orthonormal ones, not those of a Hadamard matrix.</param>
    internal FixedProjection(int features, int classes, bool isRandom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var most = isRandom ? features : HadamardTransform.SizeOf(features);
        if (classes > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(classes), classes, $"{features} features have at most {most} rows that can be told apart.");
        }
        (Features, Classes) = (features, classes);
        Rows = isRandom ? OrthonormalRows.Make(classes, features) : null;
        Folded = HadamardTransform.SizeOf(classes);
        Scale = new Parameter("scale", new PinnedBuffer<float>(1), decays: false);
        Bias = new Parameter("bias", new PinnedBuffer<float>(classes), decays: false);
    }

    bool IFreezable.IsFrozen
    {
        get => IsFrozen;
        set => IsFrozen = value;
    }

    internal int Features { get; }

    internal int Classes { get; }

    /// <summary>The rows <c>[classes, features]</c>; null for those of a Hadamard matrix, which need no memory.</summary>
    internal float[]? Rows { get; }

    /// <summary>
    /// Rows of the Hadamard matrix that is needed. Columns of the first so many rows repeat, so features are added up to as many sums before
    /// the transform, and gradients repeat behind it. That takes <c>features + Folded·log2 Folded</c> additions.
    /// </summary>
    internal int Folded { get; }

    /// <summary>Rows of the value that takes projections: the first ones are those of the classes.</summary>
    internal int ProjectedRows => Rows is null ? Folded : Classes;

    /// <summary>Rows of the value that takes the gradient of the input, which repeats.</summary>
    internal int GradientRows => Rows is null ? Folded : Features;

    /// <summary>The learned factor α.</summary>
    internal Parameter Scale { get; }

    /// <summary>The learned terms.</summary>
    internal Parameter Bias { get; }

    /// <summary>Whether the layer stays as it is.</summary>
    internal bool IsFrozen { get; set; }

    /// <summary>What values are multiplied with to be of unit norm: 0 where the norm is 0, so that their gradient is 0 too.</summary>
    internal static float Inverse(float norm) => norm == 0 ? 0 : (float)(1 / (norm + Epsilon));

    /// <summary>An element of the projection.</summary>
    internal float At(int row, int feature) => Rows is { } rows ? rows[(row * Features) + feature] : HadamardTransform.Sign(row, feature);
}
