namespace SparseSharp.Matrices;

/// <summary>What the passes of a model take of a layer, where they ask it whether its gradients are computed.</summary>
internal interface IFreezable
{
    /// <summary>Whether the layer stays as it is.</summary>
    bool IsFrozen { get; set; }
}
