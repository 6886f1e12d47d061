using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>What a pass is going to be, for whatever has to be made before workers begin it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct PassPreparation
{
    /// <param name="training">Whether weight gradients follow.</param>
    internal PassPreparation(bool training) => Training = training;

    /// <summary>Whether weight gradients follow.</summary>
    public bool Training { get; }
}
