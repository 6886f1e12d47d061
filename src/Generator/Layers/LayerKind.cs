namespace SparseSharp.Generator.Layers;

/// <summary>
/// A kind of layer: reads its attribute, and has a spec that knows all else. A kind is a file beside this one, with its spec, and a line in
/// the <see cref="Catalogue"/>.
/// </summary>
internal abstract class LayerKind
{
    /// <summary>The class of the layer at run time, and the attribute as users write it.</summary>
    public abstract string Name { get; }

    /// <summary>What the attribute takes, in messages, for example <c>(inputs, outputs)</c>.</summary>
    public abstract string Parameters { get; }

    /// <summary>Layers of the kind in messages, for example <c>fully connected layers</c>.</summary>
    public abstract string Plural { get; }

    /// <summary>Reads the attribute. What is not valid is reported, and 0 in the spec.</summary>
    /// <param name="source">Where it is.</param>
    public abstract KindSpec Read(LayerSource source);
}
