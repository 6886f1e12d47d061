using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Layers that learn in a way of their own, for example the backbone of a pretrained network at a tenth of the rate
/// (<see cref="TrainerOptions.Groups"/>).
/// </summary>
/// <param name="Layers">The layers, each a layer of the model that is trained.</param>
public sealed record ParameterGroup(params IReadOnlyList<ILayer> Layers)
{
    /// <summary>
    /// Factor on the learning rate of weights, biases and whatever else of the layers learns; greater than 0. <see cref="ILayer.Freeze"/>
    /// stops a layer altogether.
    /// </summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>Whether the weight decay of the optimizer applies to the weights.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>All layers of a model, for example of a nested one.</summary>
    /// <param name="model">The model.</param>
    public static ParameterGroup Of(ISparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model.Layers);
    }

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Layers);
        Ranges.Positive(RateFactor);
    }
}
