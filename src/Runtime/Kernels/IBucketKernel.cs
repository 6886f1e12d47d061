using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>What the text of kernels over packed weights is compiled for. The generator emits one type per format.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IBucketKernel
{
    /// <summary>How the weights are packed.</summary>
    static abstract BucketFormat Format { get; }
}
