namespace SparseSharp;

/// <summary>A batch normalisation of features. Made by generated code.</summary>
/// <inheritdoc path="/remarks"/>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>Makes a layer with factors of 1 (of a range: between 0 and 1), terms of 0, means of 0 and variances of 1.</summary>
    /// <param name="features">Features.</param>
    /// <param name="options">What the attribute says.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    public BatchNorm1d(int features, BatchNormOptions options, ulong seed, int stream)
        : base(nameof(BatchNorm1d), features, options, seed, stream)
    {
    }
}
