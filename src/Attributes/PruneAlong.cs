namespace SparseSharp;

/// <summary>Which product reads the pruned input of a layer, and so in which direction its groups run.</summary>
public enum PruneAlong
{
    /// <summary>Groups of consecutive input features of a sample: the layer sees the pruned input, in training and in prediction.</summary>
    Features,

    /// <summary>Groups of consecutive samples of a batch: the gradient of the weights alone sees the pruned input.</summary>
    Batch,
}
