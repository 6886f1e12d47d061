using SparseSharp.Workers;

namespace SparseSharp.Models;

/// <summary>The lifetime of a model: that of its layers, which share one.</summary>
internal static class ModelLifetime
{
    /// <summary>Finds it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What exceptions call a model that has no layers.</param>
    public static Lifetime Of(ISparseModel model, string name) =>
        model.Layers.Count > 0 ? model.Layers[0].Parts.Lifetime : new Lifetime(name);
}
