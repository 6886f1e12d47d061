using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>When the initial weights of a layer are drawn. Used by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InitialWeights
{
    /// <summary>
    /// Added to the number of a random stream. The weights are 0 until a file is loaded; those that it leaves out are drawn then, with the
    /// bits that they always have. To draw weights and search masks takes longer than to load others.
    /// </summary>
    public const int Deferred = int.MinValue;

    /// <summary>Whether the weights of a layer are drawn later.</summary>
    internal static bool AreDeferred(int stream) => stream < 0;

    /// <summary>The number of the stream alone.</summary>
    internal static uint StreamOf(int stream) => (uint)(stream & ~Deferred);
}
