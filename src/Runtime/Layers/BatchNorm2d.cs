namespace SparseSharp;

/// <summary>A batch normalisation of images. Made by generated code.</summary>
/// <inheritdoc path="/remarks"/>
public sealed class BatchNorm2d : BatchNorm
{
    /// <summary>Makes a layer with factors of 1 (of a range: between 0 and 1), terms of 0, means of 0 and variances of 1.</summary>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="options">What the attribute says.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    public BatchNorm2d(int channels, BatchNormOptions options, ulong seed, int stream)
        : base(nameof(BatchNorm2d), channels, options, seed, stream)
    {
    }
}
