namespace SparseSharp.Matrices;

/// <summary>A copy of the weights of a layer, in the order in which kernels for a few samples use them.</summary>
internal abstract class WeightStream : IDisposable
{
    /// <summary>Bytes that a product reads.</summary>
    public abstract long Bytes { get; }

    /// <summary>Takes over the weights that products use.</summary>
    /// <param name="matrix">Whose weights they are, and whose mask says which of them are kept.</param>
    /// <param name="weight">Weights <c>[out, in]</c>, 0 where they are masked.</param>
    public abstract void Fill(Matrix matrix, ReadOnlySpan<float> weight);

    /// <summary>
    /// A weight as a part of a word: a float, or of a pair of bfloat16 values the lower half for an even number and the upper one for an
    /// odd.
    /// </summary>
    protected static uint WordOf(float weight, bool halves, int number) =>
        !halves ? BitConverter.SingleToUInt32Bits(weight) : (uint)((BFloat16)weight).Bits << (number % 2 * 16);

    public abstract void Dispose();
}
