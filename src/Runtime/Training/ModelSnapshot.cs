using SparseSharp.Models;

namespace SparseSharp.Training;

/// <summary>
/// A copy of what the layers of a model have to remember, optimizer state aside: weights, masks, biases and what training has made beside
/// them.
/// </summary>
internal sealed class ModelSnapshot
{
    private readonly LayerState[] _layers;

    private ModelSnapshot(LayerState[] layers) => _layers = layers;

    public IReadOnlyList<LayerState> Layers => _layers;

    /// <summary>Copies what the model holds.</summary>
    public static ModelSnapshot Of(ISparseModel model)
    {
        using var scope = ModelLifetime.Of(model, nameof(model)).Use();
        return new([.. model.Layers.Select(Copy)]);
    }

    /// <summary>Takes layers that were read from a file.</summary>
    public static ModelSnapshot From(IEnumerable<LayerState> layers) => new([.. layers]);

    /// <summary>Gives the model back what it held.</summary>
    public void Restore(ISparseModel model)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = model.Layers[i].Parts;
            using var scope = layer.Lifetime.Change();
            layer.Restore(_layers[i])();
        }
    }

    private static LayerState Copy(ILayer layer)
    {
        var state = new LayerState();
        layer.Parts.Save(state);
        return state;
    }
}
