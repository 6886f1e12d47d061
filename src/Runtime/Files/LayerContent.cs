namespace SparseSharp.Files;

/// <summary>What a file holds of one layer: everything that <see cref="Linear"/> needs, checked.</summary>
/// <param name="Weight">Weights <c>[out, in]</c>.</param>
/// <param name="Mask">The mask that goes with them; null for a dense layer, and where the layer has to find one itself.</param>
/// <param name="Bias">The bias <c>[out]</c>, or null if the layer has none.</param>
/// <param name="IsDense">Whether a layer with a pattern was saved while it ran dense, and can do so again.</param>
internal sealed record LayerContent(float[] Weight, Mask? Mask, float[]? Bias, bool IsDense)
{
    /// <summary>Whether the weights are those that products use, which may be others than the ones that learn.</summary>
    public bool IsInUse { get; init; }
}
