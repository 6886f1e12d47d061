namespace SparseSharp.Layers;

/// <summary>A copy of the weights of a layer, in the order in which kernels for a few samples use them.</summary>
internal abstract class WeightStream : IDisposable
{
    /// <summary>Bytes that a product reads.</summary>
    public abstract long Bytes { get; }

    /// <summary>Takes over the weights that products use, and the mask.</summary>
    /// <param name="weight">Weights <c>[out, in]</c>, 0 where they are masked.</param>
    /// <param name="mask">The mask, or null where all weights are kept.</param>
    public abstract void Fill(ReadOnlySpan<float> weight, Mask? mask);

    public abstract void Dispose();
}
