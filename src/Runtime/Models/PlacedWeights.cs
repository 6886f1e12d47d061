using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp.Models;

/// <summary>A weight matrix of a model.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Layer">Number of its layer in the model.</param>
/// <param name="Path">Path of the layer.</param>
internal readonly record struct PlacedWeights(LayerWeights Weights, int Layer, string Path)
{
    /// <summary>All weight matrices of a model, in the order of its layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    public static IEnumerable<PlacedWeights> Of(ISparseModel model, ModelDescriptor descriptor) =>
        model.Layers.SelectMany((layer, number) =>
            layer.Parts.Matrices.Select(weights => new PlacedWeights(weights, number, descriptor.Layers[number].Path)));
}
