using SparseSharp.Workers;

namespace SparseSharp.Layers;

/// <summary>The vectors of normalisations, as users read and replace them.</summary>
internal static class LayerVectors
{
    /// <summary>The values; none of a vector that the layer does not have.</summary>
    public static ReadOnlySpan<float> Read(Lifetime lifetime, INamedVector? vector)
    {
        lifetime.ThrowIfClosed();
        return vector is null ? [] : vector.Values;
    }

    /// <summary>Replaces factors or terms.</summary>
    public static void Set(Lifetime lifetime, LearnedVector? vector, ReadOnlySpan<float> values)
    {
        using var scope = lifetime.Change();
        if (vector is null)
            throw new InvalidOperationException("This layer learns no factors and terms; declare it with Affine = true.");
        vector.Set(values);
    }
}
