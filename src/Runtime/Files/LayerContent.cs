namespace SparseSharp.Files;

/// <summary>What a file holds of one layer, checked.</summary>
/// <param name="Weights">The weights of each matrix.</param>
/// <param name="Vectors">The values of each vector and buffer; null where the file has none.</param>
/// <param name="Counters">The whole numbers.</param>
internal sealed record LayerContent(WeightContent[] Weights, float[]?[] Vectors, long[] Counters);

/// <summary>What a file holds of one weight matrix.</summary>
/// <param name="Weight">Weights <c>[rows, columns]</c>.</param>
/// <param name="Mask">The mask that goes with them; null for a dense matrix, and where the matrix has to find one itself.</param>
/// <param name="IsDense">Whether a matrix with a pattern was saved while it ran dense, and can do so again.</param>
internal sealed record WeightContent(float[] Weight, Mask? Mask, bool IsDense)
{
    /// <summary>Whether the weights are those that products use, which may be others than the ones that learn.</summary>
    public bool IsInUse { get; init; }
}
