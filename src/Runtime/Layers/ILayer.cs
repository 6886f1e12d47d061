using SparseSharp.Layers;

namespace SparseSharp;

/// <summary>A layer of a model, whatever its kind. Generated code makes layers; user code does not implement this interface.</summary>
public interface ILayer : IDisposable
{
    /// <summary>
    /// Everything that learns, with gradient and optimizer state: weights, then vectors such as a bias, then what some patterns
    /// add to weights (factors of blocks, thresholds).
    /// </summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The pattern of the weight matrices; null where they are dense, and where the layer has none.</summary>
    SparsityPattern? Pattern { get; }

    /// <summary>Which operands of the products are rounded to bfloat16.</summary>
    Bfloat16Use Bfloat16 { get; }

    /// <summary>Weights of the weight matrices, kept ones and others; 0 where the layer has no matrix.</summary>
    long WeightCount { get; }

    /// <summary>Share of the weights that products use: 1 where all are used, and where the layer has no matrix.</summary>
    double Density { get; }

    /// <summary>Share of mask bits that the last refresh changed, per step of its interval; 0 before the first.</summary>
    double FlipRate { get; }

    /// <summary>Whether trainings leave the layer as it is (<see cref="Freeze"/>).</summary>
    bool IsFrozen { get; }

    /// <summary>What the layer consists of.</summary>
    internal LayerParts Parts { get; }

    /// <summary>What two layers have in common if one can go on with the training of the other, in words.</summary>
    internal string Identity { get; }

    /// <summary>
    /// Keeps all parameters and masks as they are in the trainings to come: no gradient of theirs is computed, and no optimizer,
    /// mask search or schedule changes them. Gradients still go
    /// through the layer to those before it. A file does not remember it.
    /// </summary>
    void Freeze();

    /// <summary>Lets the layer learn again.</summary>
    void Unfreeze();
}
