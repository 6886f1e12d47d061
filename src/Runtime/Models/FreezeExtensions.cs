namespace SparseSharp;

/// <summary>Freezing all layers of a model, for example of a nested one.</summary>
public static class FreezeExtensions
{
    /// <summary>Keeps the weights, masks and biases of all layers of a model as they are; see <see cref="ILayer.Freeze"/>.</summary>
    /// <param name="model">The model, or a part of one.</param>
    public static void Freeze(this ISparseModel model) => Set(model, frozen: true);

    /// <summary>Lets all layers of a model learn again.</summary>
    /// <param name="model">The model, or a part of one.</param>
    public static void Unfreeze(this ISparseModel model) => Set(model, frozen: false);

    private static void Set(ISparseModel model, bool frozen)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (var layer in model.Layers)
        {
            if (frozen)
                layer.Freeze();
            else
                layer.Unfreeze();
        }
    }
}
